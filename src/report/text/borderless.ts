/**
 * The look of all tables in a terminal: columns apart, no lines.
 *
 * Rule: options of cli-table3; a table adds its head and how its columns are aligned.
 */
export const BORDERLESS = {
  style: { head: [], border: [], compact: true },
  chars: {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
    left: '',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
    right: '',
    'right-mid': '',
    middle: ' ',
  },
};
