/**
 * A Fastify application and its shutdown, under two versions of Fastify (FASTIFY=4 or 5).
 *
 *   SHUTDOWN=documented  app.close() on SIGTERM, with all defaults
 *   SHUTDOWN=refusing    the same with a preClose hook of half a second: the default return503OnClosing refuses all
 *                        that comes meanwhile
 *   SHUTDOWN=announced   (default) return503OnClosing: false and that hook: half a second in which every answer says
 *                        Connection: close
 */
import { setTimeout as delay } from 'node:timers/promises';
import { listening } from '../node/listening.mjs';

const { FASTIFY = '5', SHUTDOWN = 'announced' } = process.env;
const { default: fastify } = await import(`fastify-${FASTIFY}`);

const app = fastify({ return503OnClosing: SHUTDOWN !== 'announced', keepAliveTimeout: 65_000 });

app.addHook('onRequest', async (request, reply) => {
  reply.header('x-instance', `${process.pid}-${Math.round(performance.timeOrigin)}`);
});
app.get('/', async () => 'hello\n');
app.get('/slow', async () => {
  await delay(300);
  return 'slow hello\n';
});
// Runs while Fastify still accepts, and already says Connection: close.
if (SHUTDOWN !== 'documented') app.addHook('preClose', () => delay(500));

process.once('SIGTERM', async () => {
  await app.close();
  process.exit(0);
});
await app.listen(listening());
