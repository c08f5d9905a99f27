import { catalogue } from "../../i18n/core";

export const words = catalogue({
  day: { zh: "日期", en: "Day" },
  printPage: { zh: "打开可打印全文", en: "Open the full page, ready to print" },
  findings: { zh: "各节结论", en: "What each section finds" },
  noBrief: { zh: "{day}尚未发布简报", en: "No brief was issued for {day}" },
  otherForm: { zh: "此页不识别这份简报的格式", en: "This page does not know this form of a brief" },
  otherFormHow: { zh: "请重新载入页面。", en: "Load the page anew." },
  asKnownAt: { zh: "按{time}所知", en: "as known at {time}" },
});
