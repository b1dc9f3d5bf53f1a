/** The numbers of docs_app/levels.py that the page asks about. */

export const VIEW_LEVEL = 10;
export const COMMENT_LEVEL = 20;
