/**
 * The one script that pages wait for, before their stylesheet: no page is ever painted in the wrong colours, and a document
 * is connected, and not laid out again and again, while the rest of its page still comes.
 */

import { openDatabaseEarly } from "./kept/database";
import { openEarly } from "./sync/early";
import { showBeginningFirst } from "./ui/arriving";
import { chosenTheme, showTheme } from "./ui/theme";

showTheme(chosenTheme());
showBeginningFirst();
const line = document.querySelector<HTMLMetaElement>("meta[name=line]")?.content;
if (line) {
  openEarly(line);
  openDatabaseEarly();
}
