//! The style sheet of the page: A4 sheets that look the same on paper and on a screen.

/// Everything but the colours, which come from [`crate::tokens`].
pub(crate) const STYLE: &str = r##"
*{box-sizing:border-box}
html{font-size:12.5px}
body{margin:0;background:var(--bg);color:var(--ink);font:400 12.5px/1.45 var(--sans);font-variant-numeric:tabular-nums lining-nums;font-feature-settings:"tnum","lnum","cv05","ss03";-webkit-font-smoothing:antialiased;text-rendering:optimizeLegibility;-webkit-print-color-adjust:exact;print-color-adjust:exact}
article:lang(zh){line-height:1.5;text-autospace:normal;font-style:normal}
h1,h2,h3,p,ol,ul,figure,dl,dd{margin:0;padding:0}ol,ul{list-style:none}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
.pick{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.bar{display:flex;gap:6px;align-items:center;width:794px;max-width:100%;margin:0 auto;padding:10px 0 8px}
.bar .toc{display:none;flex:1;gap:2px 12px;flex-wrap:wrap}.bar .langs{display:flex;margin-left:auto;border:1px solid var(--line2);border-radius:3px;overflow:hidden;background:var(--surface);flex:none}
.bar label{padding:0 12px;min-height:28px;display:flex;align-items:center;color:var(--ink2);cursor:pointer}.bar label+label{border-left:1px solid var(--line)}
article{display:none}
#pick-zh:checked~.bar .l-zh,#pick-en:checked~.bar .l-en{background:var(--accent-bg);color:var(--ink);font-weight:600;box-shadow:inset 0 -2px 0 var(--accent)}
#pick-zh:focus-visible~.bar .l-zh,#pick-en:focus-visible~.bar .l-en{outline:2px solid var(--accent);outline-offset:-2px}
#pick-zh:checked~.bar .toc-zh,#pick-en:checked~.bar .toc-en{display:flex}
#pick-zh:checked~main .a-zh,#pick-en:checked~main .a-en{display:block}
.sheet{width:794px;min-height:1123px;padding:46px 60px 30px;margin:0 auto 16px;background:var(--surface);border:1px solid var(--line);display:flex;flex-direction:column;position:relative}
.first{height:1123px;overflow:hidden}.sheet>*{flex:none}
.mast{display:flex;align-items:baseline;border-bottom:2px solid var(--ink);padding-bottom:6px;gap:14px}.mast b{font-size:15px;white-space:nowrap}.mast .hq{min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.mast .when{margin-left:auto;white-space:nowrap}
.replay{margin-top:7px;padding:2px 8px;background:var(--soon-bg);color:var(--soon);border-radius:3px;font-size:11.5px}
.run{display:flex;justify-content:space-between;gap:14px;color:var(--ink2);font-size:11px;border-bottom:1px solid var(--line2);padding-bottom:5px;margin-bottom:2px}.run span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.lead{text-wrap:balance;font-size:21px;line-height:1.35;font-weight:650;margin:13px 0 5px;letter-spacing:-.01em}:lang(zh) .lead{letter-spacing:0;font-weight:700;word-break:keep-all;overflow-wrap:anywhere}
.lead .syn{vertical-align:.5em}
h2{font-size:13.5px;line-height:1.35;font-weight:600;margin:0}:lang(zh) h2{font-weight:700}
.sub{font-weight:400;color:var(--ink2);font-size:11.5px;line-height:1.4}
.sec{margin-top:15px}.first .sec{margin-top:12px}.sec>header{margin-bottom:4px}
.clamp1,.clamp2,.clamp3{display:-webkit-box;-webkit-box-orient:vertical;overflow:hidden;line-clamp:2;-webkit-line-clamp:2}.clamp1{line-clamp:1;-webkit-line-clamp:1}.clamp3{line-clamp:3;-webkit-line-clamp:3}
b,strong{font-weight:600}:lang(zh) b,:lang(zh) strong{font-weight:700}
.nw{white-space:nowrap}.m2{color:var(--ink2)}.t-over{color:var(--over)}.t-soon{color:var(--soon)}
.bul li{padding-left:14px;position:relative;line-height:1.5;margin:2px 0}.bul li:before{content:"";position:absolute;left:0;top:.62em;width:5px;height:5px;background:var(--ink)}
.two{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:0 28px}
.dec li{display:grid;grid-template-columns:20px minmax(0,1fr) 124px;gap:0 8px;padding:5px 0;border-top:1px solid var(--line);line-height:1.45}:lang(en) .dec li{grid-template-columns:20px minmax(0,1fr) 110px}.dec .who>span{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;color:var(--ink2)}
.src{margin-top:auto;border-top:1px solid var(--line2);padding-top:6px;font-size:10.5px;line-height:1.5;color:var(--ink2)}:lang(zh) .src{font-size:11px}.src .pg{display:flex;justify-content:space-between;gap:14px}
.syn{display:inline-block;font:600 9px/1.15 var(--sans);border:1px solid var(--line2);color:var(--ink3);border-radius:2px;padding:0 2px;vertical-align:.18em;margin-left:4px;text-decoration:none;cursor:help}
.unk{background:url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='6' height='6'%3E%3Crect width='6' height='6' fill='%23F3F3F0'/%3E%3Cpath d='M-1 1l2-2M0 6l6-6M5 7l2-2' stroke='%23858B93'/%3E%3C/svg%3E");border:1px solid var(--hatch);border-radius:2px;padding:0 5px;display:inline-block;color:var(--ink2);line-height:1.4;max-width:100%;white-space:nowrap}.dense .unk{padding:0 3px}.dense .unk>b{padding:0 2px}.wr{white-space:normal}.unk>b{background:var(--surface);font-weight:500;padding:0 4px;border-radius:2px}
.void{background:url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='6' height='6'%3E%3Crect width='6' height='6' fill='%23F3F3F0'/%3E%3Cpath d='M-1 1l2-2M0 6l6-6M5 7l2-2' stroke='%23858B93'/%3E%3C/svg%3E");border:1px solid var(--hatch);border-radius:3px;display:flex;align-items:center;justify-content:center;padding:10px;min-height:64px}.void>span{background:var(--surface);border-radius:2px;padding:3px 10px;text-align:center;color:var(--ink2)}
table{border-collapse:collapse;width:100%;table-layout:fixed}th{font-weight:500;text-align:left}
thead th{color:var(--ink2);font-size:11.5px;border-bottom:1px solid var(--line2);vertical-align:bottom;padding:3px 6px;line-height:1.3}
tbody td,tbody th{border-bottom:1px solid var(--line);padding:1px 6px;height:24px;font-size:12px;line-height:1.35;font-weight:400;vertical-align:middle;overflow-wrap:anywhere}tr>:first-child{padding-left:0}tr>:last-child{padding-right:0}
.first tbody td,.first tbody th{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.num{text-align:right}th.num{text-align:right}td.num{white-space:nowrap}tr.sum>*{font-weight:600}
.dense tbody td,.dense tbody th{height:20px;font-size:11.5px}
svg{display:block;max-width:100%;height:auto}svg text{font-family:var(--sans);font-size:11px;fill:var(--ink2);font-variant-numeric:tabular-nums}:lang(zh) svg text{font-size:11.5px}
svg .tk{fill:var(--ink3)}svg .lb{fill:var(--ink);font-weight:600}svg .gl{stroke:var(--line);stroke-width:1;shape-rendering:crispEdges}svg .ax{stroke:var(--line2);stroke-width:1;shape-rendering:crispEdges}
svg .f95{fill:var(--fan95)}svg .f50{fill:var(--fan50)}svg .med{fill:none;stroke:var(--fan);stroke-width:1.8}svg .old{fill:none;stroke:var(--ink2);stroke-width:1;stroke-dasharray:4 3}svg .bar0{fill:var(--bar)}svg .barc{fill:var(--comm)}svg .barm{fill:var(--man)}svg .barp{fill:var(--part)}svg .hx{fill:url(#hx);stroke:var(--hatch);stroke-width:.6}svg .now{stroke:var(--ink2);stroke-dasharray:3 3}svg .cap{stroke:var(--ink);stroke-width:1.4}svg .ex{fill:var(--over)}svg .exl{fill:var(--over);font-weight:600}svg .shr{fill:none;stroke:var(--comm);stroke-width:1.6}svg .gap{fill:none;stroke:var(--comm);stroke-width:1.2;stroke-dasharray:1 4;stroke-linecap:round}svg .dot{fill:var(--comm)}svg .came{fill:var(--ink);stroke:var(--surface);stroke-width:1}svg .miss{fill:var(--surface);stroke:var(--over);stroke-width:1.8}svg .ag{fill:var(--bar)}svg .ag-old{fill:var(--soon)}svg .halo{paint-order:stroke;stroke:var(--surface);stroke-width:3px;stroke-linejoin:round}
.grid3+.grid3,.grid3+.wide{margin-top:10px}.note{font-size:11.5px;color:var(--ink2);margin:0 0 4px}.grid3{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:10px 14px}.mini h3{font-size:12px;font-weight:600;line-height:1.35;margin:0;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}.mini p{font-size:11px;color:var(--ink2);line-height:1.35;min-height:2.7em}:lang(zh) .mini p{font-size:11.5px}
.age{display:inline-block;vertical-align:middle}
.cards li{border-top:1px solid var(--line);padding:5px 0}
@media screen and (max-width:830px){html,body{font-size:14px}.sheet{width:100%;min-height:0;height:auto;padding:18px 16px;border-width:1px 0}.first{overflow:visible}.two,.dec li{grid-template-columns:1fr}.dec li,:lang(en) .dec li{grid-template-columns:20px 1fr}.dec .who{grid-column:2}.mast{flex-wrap:wrap}.mast .when{margin-left:0;white-space:normal}.bar{padding:10px 16px}.grid3{grid-template-columns:1fr 1fr}.wide{overflow-x:auto}.wide table{min-width:600px}}
@page{size:A4;margin:0}
@media print{html,body{background:#fff}.bar,.pick{display:none}.sheet{border:0;margin:0;break-after:page;width:210mm;min-height:296.5mm;padding:12mm 15.8mm 8mm}.first{height:296.5mm}article .sheet:last-child{break-after:auto}a{color:inherit}tr,figure,li{break-inside:avoid}}
"##;
