/** Every page: questions before sending, dialogs, drawers and menus, copying, times, themes and messages. */

import { copyOnClick } from "./ui/copy_link";
import { askBeforeSending, keepFocusInDialogs, showFilledDialogs } from "./ui/dialog";
import { openDrawersOnClick } from "./ui/drawer";
import { keepLocalTime } from "./ui/local_time";
import { reachScrollers } from "./ui/scrollers";
import { offerThemes } from "./ui/theme";
import { attendToNotices } from "./ui/toast";

askBeforeSending();
showFilledDialogs();
keepFocusInDialogs();
openDrawersOnClick();
copyOnClick();
keepLocalTime();
offerThemes();
reachScrollers();
attendToNotices();
