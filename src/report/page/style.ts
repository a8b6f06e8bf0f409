/**
 * The style sheet of the page: light and dark, narrow and wide, screen and print.
 *
 * Rule: system fonts, one accent, tabular numbers. Colours of outcomes and phases come from the charts' palette.
 */
import { ARM_COLORS, DARK, LIGHT, type Palette } from '../charts/palette.ts';
import { OUTCOMES } from '../../model/outcome.ts';

const STATES = ['starting', 'serving', 'draining'] as const;
const PHASE_COLORS = ['frozen', 'signalled', 'not-accepting', 'listening', 'ready', 'gone'] as const;

const tokens = (palette: Palette): string =>
  Object.entries(palette)
    .map(([name, color]) => `--${name}:${color}`)
    .join(';');

const LIGHT_SURFACES =
  '--page:#f6f7f9;--edge:#8b95a3;--pass:#0b6b4f;--pass-soft:#e2f3ec;--fail:#a8281a;--fail-soft:#fbe9e6;' +
  '--inconclusive:#7a5200;--inconclusive-soft:#fbf1da;';
const DARK_SURFACES =
  '--page:#0e1217;--edge:#5d6877;--pass:#5fd3a8;--pass-soft:#12312a;--fail:#ff8f80;--fail-soft:#3a1c1a;' +
  '--inconclusive:#f2bd3f;--inconclusive-soft:#352a12;';

/** Colours of outcomes as text: nearer to the colour of text than as marks, so that small letters can be read. */
export function inkOf(palette: Palette, outcome: string): string {
  const channels = (color = '#000000'): number[] => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  const text = channels(palette['text']);
  const ink = channels(palette[outcome]).map((channel, index) =>
    Math.round(INK * channel + (1 - INK) * (text[index] ?? 0)),
  );
  return `#${ink.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

const INK = 0.6;
const inks = (palette: Palette): string =>
  OUTCOMES.map(
    (outcome) => `;--ink-${outcome}:${outcome === 'answered' ? 'var(--text)' : inkOf(palette, outcome)}`,
  ).join('');

const byName = (names: readonly string[], rule: (name: string) => string): string => names.map(rule).join('\n');

const RULES = `
*{box-sizing:border-box}
html{color-scheme:light dark;scroll-behavior:smooth;scroll-padding-top:56px;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);
  font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
  font-variant-numeric:tabular-nums}
main,header.top,footer{max-width:1240px;margin:0 auto;padding:0 24px}
header.top{display:flex;flex-wrap:wrap;gap:4px 24px;align-items:baseline;justify-content:space-between;
  padding-top:20px;padding-bottom:14px;color:var(--muted);font-size:13px}
header.top h1{margin:0;font-size:18px;line-height:1.3;color:var(--text);overflow-wrap:anywhere}
header.top div{min-width:0}
header.top p{margin:0;overflow-wrap:anywhere}
header.top .when{white-space:nowrap}
h2{font-size:20px;line-height:1.3;margin:52px 0 6px;letter-spacing:-.01em}
h3{font-size:15px;margin:0;overflow-wrap:anywhere;display:flex;flex-wrap:wrap;gap:4px 10px;align-items:center}
p.lead{margin:0 0 16px;color:var(--muted);max-width:82ch}
p{max-width:82ch}
.remark{color:var(--muted);font-size:13.5px;margin:10px 0}
a{color:var(--accent)}
small{display:block;font-size:12.5px;color:var(--muted);line-height:1.45;overflow-wrap:anywhere}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:13px}
pre{background:var(--ground);border:1px solid var(--grid);border-radius:8px;padding:14px 16px;overflow-x:auto;
  margin:8px 0;line-height:1.5;white-space:pre-wrap;overflow-wrap:anywhere}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-9999px}.skip:focus{left:16px;top:8px;background:var(--ground);padding:6px 12px;z-index:4}
.nowrap{white-space:nowrap}.muted{color:var(--muted)}
.card{background:var(--ground);border:1px solid var(--grid);border-radius:12px;padding:18px 20px}
.verdict{display:grid;grid-template-columns:auto 1fr;gap:2px 18px;align-items:center;border-radius:14px;
  padding:20px 24px;background:var(--soft);border:1px solid var(--tone)}
.verdict svg{width:52px;height:52px;color:var(--tone);grid-row:span 2}
.verdict .word{font-size:30px;line-height:1.15;font-weight:700;color:var(--tone);margin:0;letter-spacing:-.01em}
.verdict .word span{font-size:15px;font-weight:400;letter-spacing:0;margin-left:10px}
.verdict .headline{margin:0;font-size:17px;line-height:1.4;max-width:none;overflow-wrap:anywhere}
.v-pass{--tone:var(--pass);--soft:var(--pass-soft)}.v-fail{--tone:var(--fail);--soft:var(--fail-soft)}
.v-inconclusive{--tone:var(--inconclusive);--soft:var(--inconclusive-soft)}
.chip{display:inline-flex;align-items:center;gap:5px;font-size:13px;font-weight:600;line-height:1.6;
  color:var(--tone);background:var(--soft);border-radius:999px;padding:1px 10px 1px 7px;white-space:nowrap}
.chip svg{width:15px;height:15px}
.c-worse{--tone:var(--fail);--soft:var(--fail-soft)}.c-better{--tone:var(--pass);--soft:var(--pass-soft)}
.c-not-shown,.c-unclear{--tone:var(--muted);--soft:var(--page)}
.arms{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,270px),1fr));gap:12px;margin-top:12px}
.arms .card{padding:14px 18px}
.arms header{display:flex;justify-content:space-between;align-items:start;gap:10px}
.arms h2.name{font-size:15px;margin:0;overflow-wrap:anywhere;letter-spacing:0}
.arms dl{margin:8px 0 0;font-size:14px;line-height:1.5}
.arms.one dl{margin:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,250px),1fr));gap:8px 28px}
.arms dt{font-size:12px;color:var(--muted)}.arms dd{margin:0 0 6px}.arms dl div:first-child dd{font-weight:600}
.findings{list-style:none;margin:0;padding:0}
.findings li{padding:12px 0;border-top:1px solid var(--grid);display:grid;grid-template-columns:124px 1fr;gap:2px 14px}
.findings li:first-child{border-top:0;padding-top:0}.findings li:last-child{padding-bottom:0}
.findings p{margin:0;max-width:none;overflow-wrap:anywhere}.findings .message{font-weight:600}
.findings .hint b{font-weight:600}
.findings .where{font-size:12.5px;color:var(--muted)}
.s-fail{--tone:var(--fail);--soft:var(--fail-soft)}
.s-inconclusive{--tone:var(--inconclusive);--soft:var(--inconclusive-soft)}
.s-note{--tone:var(--muted);--soft:var(--page)}
.surprise{margin:8px 0 0;font-size:14px;color:var(--fail)}
section.reasons h2{margin-top:24px;font-size:16px}
nav{position:sticky;top:0;z-index:3;margin:24px -24px 0;padding:0 24px;background:var(--page);
  border-bottom:1px solid var(--grid)}
nav ul{display:flex;gap:4px 20px;list-style:none;margin:0;padding:9px 0;overflow-x:auto;font-size:13.5px;
  scrollbar-width:none}
nav a{color:var(--muted);text-decoration:none;white-space:nowrap}
nav a:hover{color:var(--text);text-decoration:underline}
.answer{font-size:16px;margin:0 0 14px}.warning{margin:0 0 14px;color:var(--inconclusive)}
.pair{background:var(--ground);border:1px solid var(--grid);border-radius:10px;padding:14px 18px}.pair p{margin:6px 0}
.tables{display:grid;gap:14px;margin-top:8px}.tables>*{min-width:0}
.scroll{overflow-x:auto;background:var(--ground);border:1px solid var(--grid);border-radius:10px}
figure .scroll,.pair .scroll{max-height:420px;overflow:auto}
table{border-collapse:collapse;width:100%;font-size:14px}
caption{text-align:left;padding:10px 14px 4px;color:var(--muted);font-size:13px}
th,td{padding:8px 12px;text-align:left;vertical-align:top;border-top:1px solid var(--grid)}
thead th{border-top:0;font-size:12.5px;font-weight:600;color:var(--muted);white-space:nowrap;vertical-align:bottom}
tbody th{font-weight:600;white-space:nowrap}
.num{text-align:right;white-space:nowrap}
td.bad{color:var(--fail);font-weight:600}td.good{color:var(--pass);font-weight:600}td.zero{color:var(--muted)}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,370px),1fr));gap:14px;margin-bottom:14px}
.plots>*{min-width:0}
figure{margin:0 0 14px;padding:14px 18px 10px;break-inside:avoid}.plots figure{margin:0}
figcaption{margin-bottom:6px}
.plot{position:relative;height:280px}.plot.tall{height:400px}.plot.tallest{height:480px}.plot.lanes-most{height:640px}
.plot.lanes-many{height:460px}.plot.lanes-some{height:330px}.plot.lanes-few{height:230px}
.legend{display:flex;flex-wrap:wrap;gap:2px 14px;font-size:12.5px;color:var(--muted);margin:6px 0 0;padding:0;
  list-style:none}
.legend li{display:inline-flex;align-items:center;gap:6px}
.legend svg{width:14px;height:12px}
.l-offered{stroke:var(--offered)}.l-answered{stroke:var(--answered)}.l-median{stroke:var(--median)}
.l-worst{stroke:var(--worst)}.l-limit{stroke:var(--limit)}.l-stall{fill:var(--stall)}
.swatch{width:14px;height:11px;border-radius:2px}
details{margin:8px 0}summary{cursor:pointer;color:var(--muted);font-size:13.5px;width:max-content;max-width:100%}
summary:hover{color:var(--text)}
fieldset.scope{border:0;padding:0;margin:0 0 14px;display:flex;gap:6px 18px;flex-wrap:wrap;font-size:14px}
fieldset.scope legend{float:left;margin-right:14px;color:var(--muted);padding:0}
.meanings{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,380px),1fr));gap:2px 24px;
  margin:4px 0 16px;font-size:14px}
.meanings div{display:flex;gap:10px}.meanings dt{min-width:74px}.meanings dd{margin:0;color:var(--muted)}
.tools{display:flex;flex-wrap:wrap;gap:8px 14px;align-items:end;margin:0 0 12px;font-size:14px}
.tools label{display:grid;gap:2px;font-size:12.5px;color:var(--muted);min-width:0}
.tools[hidden]{display:none}
.tools output{padding:5px 0;color:var(--muted)}
select,button,input[type=search]{font:inherit;font-size:14px;color:var(--text);background:var(--ground);
  border:1px solid var(--edge);border-radius:7px;padding:4px 10px;height:34px;max-width:220px}
button{cursor:pointer}
.failures{max-height:min(82vh,900px);overflow:auto;margin-top:8px;background:var(--ground);
  border:1px solid var(--grid);border-radius:10px;font-size:13.5px;overflow-anchor:auto}
.failures .row{display:grid;grid-template-columns:52px 158px minmax(90px,150px) 84px minmax(220px,1fr) 232px;
  gap:0 14px;padding:9px 14px;border-top:1px solid var(--grid);min-height:64px}
.failures .heads{position:sticky;top:0;z-index:1;background:var(--ground);border-bottom:1px solid var(--grid)}
.failures .heads .row{min-height:0;border:0;padding:8px 14px;font-size:12.5px;font-weight:600;color:var(--muted)}
.chunk{contain-intrinsic-size:auto 3600px;content-visibility:auto}.chunk[data-chunk]:empty{height:3600px}
.failures .n,.heads .row>:first-child{text-align:right}.failures .who,.story{overflow-wrap:anywhere}
.row.target{background:var(--inconclusive-soft)}.row:focus{outline:none}
.row.target:focus{box-shadow:inset 3px 0 0 var(--inconclusive)}
.outcome{font-weight:600;white-space:nowrap}
.waterfall{display:block;width:100%;height:12px;background:var(--page);border-radius:3px;margin:4px 0}
.w-waiting{fill:var(--unsent)}.w-connecting{fill:var(--raced)}.w-writing{fill:var(--timeout)}
.w-head{fill:var(--accent)}.w-body{fill:var(--truncated)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr));gap:12px}
.facts dl{margin:8px 0 0;display:grid;grid-template-columns:1fr auto;gap:5px 14px;font-size:14px}
.facts dt{color:var(--muted)}.facts dd{margin:0;text-align:right}.facts dd.bad{color:var(--fail);font-weight:600}
.facts .note{grid-column:1/-1;margin:-4px 0 4px;font-size:12.5px;color:var(--muted)}
footer{padding-top:40px;padding-bottom:48px;color:var(--muted);font-size:13px}
@media (max-width:900px){
.failures .heads{display:none}
.failures .row{grid-template-columns:auto 1fr auto;gap:1px 12px;min-height:130px}
.failures .n{text-align:left}.failures .outcome{grid-column:3;grid-row:1}.failures .who{grid-column:2/-1}
.failures .story,.failures .life{grid-column:1/-1;margin-top:4px}
.failures .row>:nth-child(2){grid-column:2;grid-row:1}.failures .life svg{max-width:320px}
}
@media (max-width:700px){
main,header.top,footer{padding-left:14px;padding-right:14px}
header.top{padding-top:12px;padding-bottom:10px}
.verdict{padding:14px 16px;gap:4px 12px}.verdict svg{width:36px;height:36px;grid-row:auto}
.verdict .word{font-size:25px}.verdict .word span{display:block;margin:0;font-size:14px}
.verdict .headline{grid-column:1/-1;font-size:16px}
h2{margin-top:36px}
nav{margin:18px -14px 0;padding:0 14px}
.findings li{grid-template-columns:1fr}
figure{padding:12px 8px 8px}.card{padding:14px}figcaption{padding:0 6px}
th,td{padding:7px 10px}
.tools label{flex:1 1 140px}.tools select,.tools input[type=search]{max-width:none;width:100%}
}
@media print{
body{background:#fff;font-size:10.5pt}main,header.top,footer{max-width:none;padding-left:0;padding-right:0}
nav,.tools,fieldset.scope,.skip,summary{display:none}
.verdict,.chip,.swatch,.waterfall{print-color-adjust:exact}
.card,.findings li,.failures .row,tr{break-inside:avoid}h2,h3{break-after:avoid}
.scroll,.failures,figure .scroll{overflow:visible;max-height:none}.chunk{content-visibility:visible}
.chunk:empty{display:none}
.plots{grid-template-columns:1fr 1fr}
}`;

/** The style sheet. Dark colours apply to a dark screen only; paper is always light. */
export const STYLE = [
  `:root{${LIGHT_SURFACES}${tokens(LIGHT)}${inks(LIGHT)}}`,
  `@media screen and (prefers-color-scheme:dark){:root{${DARK_SURFACES}${tokens(DARK)}${inks(DARK)}}}`,
  RULES.trim(),
  byName(
    OUTCOMES,
    (name) =>
      `.o-${name}{color:var(--${name === 'answered' ? 'text' : name})}.outcome.o-${name}{color:var(--ink-${name})}`,
  ),
  byName(PHASE_COLORS, (name) => `.p-${name}{background:var(--${name})}`),
  byName(STATES, (name) => `.i-${name}{background:var(--${name})}`),
  byName(ARM_COLORS, (name) => `.l-${name}{stroke:var(--${name})}`),
].join('\n');
