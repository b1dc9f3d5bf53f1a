/** The number of docs_app/levels.py that the page asks about. */

export const COMMENT_LEVEL = 20;
