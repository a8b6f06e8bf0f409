/**
 * The style sheet of the page: light and dark, narrow and wide, screen and print.
 *
 * Rule: system fonts, one accent, tabular numbers. Colours of outcomes and phases come from the charts' palette.
 */
import { DARK, LIGHT, type Palette } from '../charts/palette.ts';
import { OUTCOMES } from '../../model/outcome.ts';

const PHASE_COLORS = ['frozen', 'signalled', 'not-accepting', 'listening', 'ready', 'gone'] as const;

const tokens = (palette: Palette): string => Object.entries(palette).map(([name, color]) => `--${name}:${color}`).join(';');

const LIGHT_SURFACES = '--page:#f6f7f9;--pass:#0b6b4f;--pass-soft:#e2f3ec;--fail:#a8281a;--fail-soft:#fbe9e6;--inconclusive:#7a5200;--inconclusive-soft:#fbf1da;';
const DARK_SURFACES = '--page:#0e1217;--pass:#5fd3a8;--pass-soft:#12312a;--fail:#ff8f80;--fail-soft:#3a1c1a;--inconclusive:#f2bd3f;--inconclusive-soft:#352a12;';

const byName = (names: readonly string[], rule: (name: string) => string): string => names.map(rule).join('\n');

const RULES = `
*{box-sizing:border-box}
html{color-scheme:light dark;scroll-behavior:smooth;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
main,header.top,footer{max-width:1240px;margin:0 auto;padding:0 24px}
header.top{display:flex;flex-wrap:wrap;gap:4px 24px;align-items:baseline;justify-content:space-between;padding-top:22px;padding-bottom:14px;color:var(--muted);font-size:13px}
header.top h1{margin:0;font-size:17px;color:var(--text);overflow-wrap:anywhere}
header.top p{margin:0}
h2{font-size:19px;line-height:1.3;margin:48px 0 4px;letter-spacing:-.005em}
h3{font-size:15px;margin:0 0 2px;overflow-wrap:anywhere}
h2+p.lead{margin:0 0 16px;color:var(--muted);max-width:78ch}
p{max-width:78ch}
a{color:var(--accent)}
small{display:block;font-size:12.5px;color:var(--muted);line-height:1.45}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:13px}
pre{background:var(--ground);border:1px solid var(--grid);border-radius:8px;padding:14px 16px;overflow-x:auto;margin:8px 0;line-height:1.5;white-space:pre-wrap;overflow-wrap:anywhere}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-9999px}.skip:focus{left:16px;top:8px;background:var(--ground);padding:6px 12px;z-index:2}
.nowrap{white-space:nowrap}.muted{color:var(--muted)}
.card{background:var(--ground);border:1px solid var(--grid);border-radius:12px;padding:20px 22px}
.verdict{display:grid;grid-template-columns:auto 1fr;gap:4px 18px;align-items:center;border-radius:14px;padding:22px 26px;background:var(--soft);border:1px solid var(--tone)}
.verdict svg{width:52px;height:52px;color:var(--tone);grid-row:span 2}
.verdict .word{font-size:30px;line-height:1.15;font-weight:700;color:var(--tone);margin:0;letter-spacing:-.01em}
.verdict .word span{font-size:16px;font-weight:400;letter-spacing:0;margin-left:8px}
.verdict .headline{margin:0;font-size:17px;line-height:1.4}
.v-pass{--tone:var(--pass);--soft:var(--pass-soft)}.v-fail{--tone:var(--fail);--soft:var(--fail-soft)}.v-inconclusive{--tone:var(--inconclusive);--soft:var(--inconclusive-soft)}
.chip{display:inline-flex;align-items:center;gap:5px;font-size:13px;font-weight:600;color:var(--tone);background:var(--soft);border-radius:999px;padding:1px 10px 1px 6px;white-space:nowrap}
.chip svg{width:15px;height:15px}
.arms{display:grid;grid-template-columns:repeat(auto-fit,minmax(280px,1fr));gap:14px;margin-top:14px}
.arms .card{padding:16px 18px}
.arms header{display:flex;justify-content:space-between;align-items:start;gap:10px}
.arms ol{margin:10px 0 0;padding:0;list-style:none;font-size:14px}
.arms li{margin-top:6px}.arms li:first-child{font-weight:600}.arms li+li{color:var(--muted)}
.findings{list-style:none;margin:0;padding:0}
.findings li{padding:12px 0;border-top:1px solid var(--grid);display:grid;grid-template-columns:130px 1fr;gap:2px 16px}
.findings li:first-child{border-top:0;padding-top:0}.findings li:last-child{padding-bottom:0}
.findings p{margin:0}.findings .hint{color:var(--muted)}
.findings .where{font-size:12.5px;color:var(--muted)}
.s-fail{--tone:var(--fail);--soft:var(--fail-soft)}.s-inconclusive{--tone:var(--inconclusive);--soft:var(--inconclusive-soft)}.s-note{--tone:var(--muted);--soft:var(--page)}
.scroll{overflow-x:auto;background:var(--ground);border:1px solid var(--grid);border-radius:10px}
table{border-collapse:collapse;width:100%;font-size:14px}
caption{text-align:left;padding:10px 14px 4px;color:var(--muted);font-size:13px}
th,td{padding:8px 12px;text-align:left;vertical-align:top;border-top:1px solid var(--grid)}
thead th{border-top:0;font-size:12.5px;font-weight:600;color:var(--muted);white-space:nowrap;vertical-align:bottom}
tbody th{font-weight:600;white-space:nowrap}
.num{text-align:right;white-space:nowrap}
td.bad{color:var(--fail);font-weight:600}td.zero{color:var(--muted)}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,360px),1fr));gap:16px}
.plots>*{min-width:0}
figure{margin:0 0 16px;padding:16px 18px 10px}
figcaption{display:flex;flex-wrap:wrap;justify-content:space-between;gap:2px 16px;margin-bottom:6px}
.plot{position:relative;height:300px}.plot.tall{height:420px}.plot.lanes-many{height:460px}.plot.lanes-some{height:320px}.plot.lanes-few{height:220px}
.legend{display:flex;flex-wrap:wrap;gap:2px 14px;font-size:12.5px;color:var(--muted);margin:6px 0 0;padding:0;list-style:none}
.legend li{display:inline-flex;align-items:center;gap:6px}
.legend svg{width:14px;height:12px}
.l-offered{stroke:var(--offered)}.l-answered{stroke:var(--answered)}.l-median{stroke:var(--median)}.l-worst{stroke:var(--worst)}.l-limit{stroke:var(--limit)}.l-stall{fill:var(--stall)}
.swatch{width:14px;height:11px;border-radius:2px}
details{margin:6px 0}summary{cursor:pointer;color:var(--muted);font-size:13px;width:max-content;max-width:100%}
details .scroll{margin-top:8px}
fieldset.scope{border:0;padding:0;margin:0 0 14px;display:flex;gap:18px;flex-wrap:wrap;font-size:14px}
fieldset.scope legend{float:left;margin-right:14px;color:var(--muted);padding:0}
.tools{display:flex;flex-wrap:wrap;gap:10px 18px;align-items:center;margin:0 0 12px;font-size:14px}
.tools[hidden],button[hidden]{display:none}
select,button{font:inherit;color:inherit;background:var(--ground);border:1px solid var(--grid);border-radius:7px;padding:4px 10px}
button{cursor:pointer;margin:12px 0}
.failures{max-height:min(85vh,960px);overflow:auto;margin-top:8px}.failures thead th{position:sticky;top:0;background:var(--ground);z-index:1}.failures button{margin:10px 14px}
.failures td{font-size:13.5px}.failures .story{min-width:280px;max-width:460px;overflow-wrap:anywhere}
tr.target td{background:var(--soft)}tr.target{--soft:var(--inconclusive-soft)}tr:focus{outline:none}.failures tr{scroll-margin-top:72px}
.outcome{font-weight:600;white-space:nowrap}
.waterfall{display:block;width:180px;height:12px;overflow:visible;background:var(--page);border-radius:3px;margin:4px 0}
.w-waiting{fill:var(--unsent)}.w-connecting{fill:var(--raced)}.w-writing{fill:var(--timeout)}.w-head{fill:var(--accent)}.w-body{fill:var(--truncated)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr));gap:14px}
.facts dl{margin:8px 0 0;display:grid;grid-template-columns:1fr auto;gap:5px 14px;font-size:14px}
.facts dt{color:var(--muted)}.facts dd{margin:0;text-align:right}.facts dd.bad{color:var(--fail);font-weight:600}
.facts .note{grid-column:1/-1;margin:-4px 0 4px;font-size:12.5px;color:var(--muted)}
footer{padding-top:40px;padding-bottom:48px;color:var(--muted);font-size:13px}
@media (max-width:700px){
main,header.top,footer{padding-left:14px;padding-right:14px}
.verdict{padding:16px;gap:4px 12px}.verdict svg{width:38px;height:38px;grid-row:auto}.verdict .word{font-size:25px}.verdict .word span{display:block;margin:0;font-size:14px}.verdict .headline{grid-column:1/-1;font-size:16px}
h2{margin-top:36px}
.findings li{grid-template-columns:1fr}
figure{padding:12px 8px 8px}.card{padding:14px}
th,td{padding:7px 10px}
.plot{height:260px}
.failures thead{display:none}.failures tr{display:grid;grid-template-columns:auto 1fr auto;padding:8px 4px;border-top:1px solid var(--grid)}.failures tr:first-child{border-top:0}.failures td{border:0;padding:1px 8px;text-align:left}
.failures td:nth-child(n+4){grid-column:2/-1}.failures .story{min-width:0;max-width:none}
}
@media print{
body{background:#fff;font-size:11pt}main,header.top,footer{max-width:none;padding-left:0;padding-right:0}
.tools,fieldset.scope,button,.skip{display:none}
figure,.card,tr,.findings li{break-inside:avoid}h2{break-after:avoid}
.scroll,.failures{overflow:visible;max-height:none}.plot{break-inside:avoid}
}`;

/** The style sheet. Dark colours apply to a dark screen only; paper is always light. */
export const STYLE = [
  `:root{${LIGHT_SURFACES}${tokens(LIGHT)}}`,
  `@media screen and (prefers-color-scheme:dark){:root{${DARK_SURFACES}${tokens(DARK)}}}`,
  RULES.trim(),
  byName(OUTCOMES, (name) => `.o-${name}{color:var(--${name === 'answered' ? 'text' : name})}`),
  byName(PHASE_COLORS, (name) => `.p-${name}{background:var(--${name})}`),
].join('\n');
