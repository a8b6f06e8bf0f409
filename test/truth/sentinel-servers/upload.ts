/** Servers that read uploads to their end, or do not. */
import type { Conduct } from './server.ts';

/** Answers each upload that came whole. */
export const receives: Conduct = {
  called(call, house) {
    if (call.late) house.did(call.body.length === 65_536 && /^POST/.test(call.head) ? 'answered' : 'failed');
    call.answer(`${call.body.length} bytes`);
  },
  signalled: () => undefined,
};

/** Resets the uploads under way. */
export const cutsUploads: Conduct = {
  ...receives,
  signalled(house) {
    house.did('reset', house.sockets.size);
    for (const socket of house.sockets) socket.resetAndDestroy();
  },
};

/** Has no room for them. */
export const rejectsUploads: Conduct = {
  called(call, house) {
    if (!call.late) return call.answer('stored');
    house.did('rejected');
    call.socket.write('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n');
  },
  signalled: () => undefined,
};
