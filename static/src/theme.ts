/** The one script that pages wait for, before their stylesheet: so no page is ever painted in the wrong colours. */

import { chosenTheme, showTheme } from "./ui/theme";

showTheme(chosenTheme());
