//! What the statement adds to the style sheet of the brief.

pub(super) const STYLE: &str = "\
.mast{align-items:baseline}.eq thead th{font-size:10px;padding:3px 3px;text-align:right;line-height:1.25}.eq thead th:first-child{text-align:left;padding-left:0}\
.eq tbody td,.eq tbody th{height:20px;font-size:11px;padding:1px 3px;line-height:1.3}.eq tbody td{text-align:right;white-space:nowrap}.eq tbody th,.first .eq tbody th{white-space:normal;overflow:visible;padding-left:0}\
.eq .sg{display:block;color:var(--ink3);font-weight:400}.eq .out,.eq .res{border-left:1px solid var(--line2)}.eq .z{color:var(--ink3)}.eq tr.sum>*{border-top:1.5px solid var(--ink);font-weight:600}:lang(zh) .eq tr.sum>*{font-weight:700}\
.eq tr.grp>*{border-top:1px solid var(--line2);font-weight:600;height:22px}:lang(zh) .eq tr.grp>*{font-weight:700}.eq .ov{color:var(--over);font-weight:600}\
.draft{margin-top:7px;padding:3px 8px;background:var(--over-bg);color:var(--over);border-radius:3px;font-size:11.5px;font-weight:600}:lang(zh) .draft{font-weight:700}\
.seal{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:0 14px;border:1.5px solid var(--ink);border-radius:3px;padding:8px 12px;margin-top:12px}.seal.open{border-style:dashed;border-color:var(--line2)}\
.seal dt{font-size:11px;color:var(--ink2)}.seal dd{font-size:12px;font-weight:600;line-height:1.35;overflow-wrap:anywhere}:lang(zh) .seal dd{font-weight:700}.seal .hex,.id{font-family:ui-monospace,\"JetBrains Mono\",\"DejaVu Sans Mono\",Menlo,Consolas,monospace;font-variant-ligatures:none}.seal .hex{font-size:11px;font-weight:500}\
.id{font-size:7.2px;color:var(--ink3);display:block;line-height:1.3;white-space:nowrap}.t-no{color:var(--over);font-weight:600}:lang(zh) .t-no{font-weight:700}\
.first .tight tbody td,.first .tight tbody th{height:21px;white-space:normal;overflow:visible}.first .eq tbody td{overflow:visible}:lang(zh) .eq thead th{word-break:break-all;font-size:10.5px}";
