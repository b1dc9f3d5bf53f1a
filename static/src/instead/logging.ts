/** What Yjs needs of lib0/logging: its warnings, without the part that draws them in colour on a page. */

export const [ORANGE, RED, BOLD, UNBOLD] = ["", "", "", ""];
export const print = (...said: unknown[]): void => console.info(...said);
export const warn = (...said: unknown[]): void => console.warn(...said);
