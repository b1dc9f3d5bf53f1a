/** Emoji with their German names, loaded when somebody looks for one. */

export { default as emoji } from "emojibase-data/de/compact.json";
