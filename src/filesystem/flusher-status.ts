/** How flusher.ts says what the call gave: 0, or an exit status from this one on, less than which Node has its own. */
export const FIRST_ERRNO_STATUS = 100;
