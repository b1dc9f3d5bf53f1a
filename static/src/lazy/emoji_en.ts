/** Emoji with their English names, loaded when somebody looks for one. */

export { default as emoji } from "emojibase-data/en/compact.json";
