/**
 * The frames with which we begin a connection and a request, and those that we say in between.
 *
 * Rule: flow control is never ours to stall, so our windows are as large as they can be; nothing is pushed, and no
 * header table is asked for.
 */
import { ERROR_NAMES, FLAG, FRAME, frame, PREFACE, SETTING, settings, words } from './frames.ts';

export const LARGEST_WINDOW = 2 ** 31 - 1;
const DEFAULT_WINDOW = 65_535;

/** The beginning of a connection; nothing may go before it. */
export const HELLO = Buffer.concat([
  PREFACE,
  settings({ [SETTING.HEADER_TABLE_SIZE]: 0, [SETTING.ENABLE_PUSH]: 0, [SETTING.INITIAL_WINDOW]: LARGEST_WINDOW }),
  frame(FRAME.WINDOW_UPDATE, 0, 0, words(LARGEST_WINDOW - DEFAULT_WINDOW)),
]);

/** The head of a request. */
export function opening(id: number, head: Buffer, hasBody: boolean): Buffer {
  return frame(FRAME.HEADERS, FLAG.END_HEADERS | (hasBody ? 0 : FLAG.END_STREAM), id, head);
}

/** We no longer want the answer. */
export function cancelling(id: number): Buffer {
  return frame(FRAME.RST_STREAM, 0, id, words(ERROR_NAMES.indexOf('CANCEL')));
}

/** So many more bytes may be sent to us. */
export function reopening(bytes: number): Buffer {
  return frame(FRAME.WINDOW_UPDATE, 0, 0, words(bytes));
}
