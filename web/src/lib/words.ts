// Two languages: each key has two sentences that people wrote, not translated word by word.
export type Lang = "zh" | "en";

/** Words in both languages, as the server gives them too. */
export type Words = { zh: string; en: string };

export const words = {
  signIn: { zh: "登录", en: "Sign in" },
  signOut: { zh: "退出登录", en: "Sign out" },
  login: { zh: "账号", en: "Account" },
  password: { zh: "密码", en: "Password" },
  newPassword: { zh: "设置密码（至少12个字符）", en: "Set a password (12 characters or more)" },
  setPassword: { zh: "设置密码", en: "Set password" },
  passwordSet: { zh: "密码已设置，请登录。", en: "The password is set. Sign in with it." },
  code: { zh: "动态验证码（6位）", en: "Code of the second factor (6 digits)" },
  sending: { zh: "正在发送…", en: "sending…" },
  brief: { zh: "简报", en: "Brief" },
  situation: { zh: "态势", en: "Situation" },
  outlook: { zh: "研判", en: "Outlook" },
  plan: { zh: "方案", en: "Plan" },
  orders: { zh: "指令", en: "Orders" },
  owed: { zh: "应尽事项", en: "Owed" },
  measures: { zh: "措施", en: "Measures" },
  intake: { zh: "报送", en: "Intake" },
  later: { zh: "此页尚未提供", en: "This page is not there yet" },
  day: { zh: "日期", en: "Day" },
  printPage: { zh: "打开可打印全文", en: "Open the full page, ready to print" },
  asKnownAt: { zh: "按当时所知", en: "as known at" },
  replay: { zh: "历史回放", en: "past outbreak run again" },
  findings: { zh: "各节结论", en: "What each section finds" },
  synthetic: { zh: "依据模拟数据", en: "rests on synthetic rows" },
  loading: { zh: "正在读取…", en: "reading…" },
  noBrief: { zh: "当日尚未发布简报", en: "No brief was issued for this day" },
  changed: { zh: "有新变化，按此更新", en: "Something changed: show it" },
  cut: { zh: "连接中断，自", en: "no connection since" },
  nowhere: { zh: "没有这一页", en: "There is no such page" },
  toBrief: { zh: "回到简报", en: "Back to the brief" },
} satisfies Record<string, Words>;

export type Key = keyof typeof words;

export function say(lang: Lang, key: Key): string {
  return words[key][lang];
}

/** The language of the address, of this browser's last visit, or of the browser. */
export function firstLang(asked: string | null, kept: string | null, browser: string): Lang {
  for (const one of [asked, kept]) if (one === "zh" || one === "en") return one;
  return browser.toLowerCase().startsWith("zh") ? "zh" : "en";
}
