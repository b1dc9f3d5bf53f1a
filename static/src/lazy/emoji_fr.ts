/** Emoji with their French names, loaded when somebody looks for one. */

export { default as emoji } from "emojibase-data/fr/compact.json";
