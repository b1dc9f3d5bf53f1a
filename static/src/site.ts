/**
 * Every page: questions before sending, dialogs, drawers and menus, copying, times, themes, messages, and what the device
 * keeps.
 */

import { attendToWorker, tidy } from "./kept/device";
import { copyOnClick } from "./ui/copy_link";
import { askBeforeSending, keepFocusInDialogs, showFilledDialogs } from "./ui/dialog";
import { openDrawersOnClick } from "./ui/drawer";
import { showWhatIsKept } from "./ui/kept_list";
import { keepLocalTime } from "./ui/local_time";
import { reachScrollers } from "./ui/scrollers";
import { askBeforeSignOut } from "./ui/sign_out";
import { sayInStyles } from "./ui/style_words";
import { offerThemes } from "./ui/theme";
import { attendToNotices } from "./ui/toast";

/** Milliseconds. */
const WORKER_AFTER = 3000;

sayInStyles();
askBeforeSending();
showFilledDialogs();
keepFocusInDialogs();
openDrawersOnClick();
copyOnClick();
keepLocalTime();
offerThemes();
reachScrollers();
attendToNotices();
askBeforeSignOut();
void tidy().then(showWhatIsKept);
// Not while the page itself still loads, or a document is about to be shown: a new worker fetches all files of the site.
addEventListener("load", () => setTimeout(() => void attendToWorker(), WORKER_AFTER));
