/**
 * An Express application and its shutdown, under two versions of Express (EXPRESS=4 or 5).
 *
 *   SHUTDOWN=documented  as the Express guide shows it: server.close() on SIGTERM
 *   SHUTDOWN=announced   (default) first half a second in which every answer says Connection: close
 */
import { setTimeout as delay } from 'node:timers/promises';
import { listening } from '../node/listening.mjs';

const { EXPRESS = '5', SHUTDOWN = 'announced' } = process.env;
const { default: express } = await import(`express-${EXPRESS}`);

const app = express();
let leaving = false;

app.use((request, response, next) => {
  response.set('x-instance', `${process.pid}-${Math.round(performance.timeOrigin)}`);
  if (leaving) response.set('Connection', 'close');
  next();
});
app.get('/', (request, response) => response.type('text').send('hello\n'));
app.get('/slow', async (request, response) => {
  await delay(300);
  response.type('text').send('slow hello\n');
});

const server = app.listen(listening());
server.keepAliveTimeout = 65_000;

process.once('SIGTERM', async () => {
  leaving = SHUTDOWN === 'announced';
  if (leaving) await delay(500);
  server.close(() => process.exit(0));
});
