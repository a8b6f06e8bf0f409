/**
 * What k6 is given: requests at a constant arrival rate when RATE is set, else as fast as it can; an answer that is not
 * 200 with the body wanted, or that does not come, is a failed check.
 */
/* global __ENV */
import { check } from 'k6';
import http from 'k6/http';

const { URL: url, RATE: rate, SECONDS: seconds, CONNECTIONS: connections, REQUESTS: requests, BODY: body } = __ENV;
const fixed = { preAllocatedVUs: Number(connections), maxVUs: Number(connections) };

export const options = {
  discardResponseBodies: false,
  scenarios: {
    load: rate
      ? {
          executor: 'constant-arrival-rate',
          rate: Number(rate),
          timeUnit: '1s',
          duration: `${Math.max(1, Number(seconds))}s`,
          gracefulStop: '2s',
          ...fixed,
        }
      : { executor: 'shared-iterations', vus: Number(connections), iterations: Number(requests), gracefulStop: '2s' },
  },
};

export default function () {
  const answer = http.get(url, { timeout: '1s' });
  check(answer, { good: ({ status, body: got }) => status === 200 && got === body });
}

export function handleSummary({ metrics }) {
  return {
    stdout: `${JSON.stringify({
      sent: metrics.http_reqs?.values.count ?? 0,
      failed: metrics.checks?.values.fails ?? 0,
      dropped: metrics.dropped_iterations?.values.count ?? 0,
    })}\n`,
  };
}
