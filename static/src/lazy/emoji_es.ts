/** Emoji with their Spanish names, loaded when somebody looks for one. */

export { default as emoji } from "emojibase-data/es/compact.json";
