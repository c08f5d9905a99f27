// Reasons by which something is waived or carried over, in words. The codes are those of every city's catalogue; a city may have more, which
// are typed as codes. The server knows which of them a kind takes, and refuses the others with the list.
import type { Words } from "../../i18n/core";

export const CARRIED: Readonly<Record<string, Words>> = {
  no_capacity: { zh: "无可用容量（床位、房间、检测能力等）", en: "no capacity free" },
  no_vehicle: { zh: "无可用车辆", en: "no vehicle free" },
  no_staff: { zh: "人手不足", en: "not enough staff" },
  no_stock: { zh: "物资不足", en: "not enough stock" },
  hard_limit: { zh: "受硬性限制（夜间停运、驾驶时长、休息）", en: "a hard limit stands against it (night curfew, driving hours, rest)" },
  awaiting_result: { zh: "等待检测结果", en: "waiting for a result" },
  awaiting_acceptance: { zh: "等待验收", en: "waiting for acceptance" },
  awaiting_decision: { zh: "等待上级决定", en: "waiting for a decision above" },
  recipient_asked_later: { zh: "本人要求改期", en: "the recipient asked for later" },
  recipient_not_reached: { zh: "未能联系到本人", en: "the recipient was not reached" },
  weather_or_road: { zh: "天气或道路原因", en: "weather or road" },
  reported_late: { zh: "接报过晚，当日不及办理", en: "reported too late in the day" },
  handed_over: { zh: "已移交其他区县或工作组办理", en: "handed over to another district or section" },
  other: { zh: "其他原因（见说明）", en: "another reason, in the note" },
};

export const WAIVED: Readonly<Record<string, Words>> = {
  recipient_refused: { zh: "本人拒绝（已由专人当面或电话沟通）", en: "the recipient refused, after a person spoke with them" },
  recipient_withdrew: { zh: "本人撤回", en: "the recipient withdrew it" },
  released: { zh: "已解除管控，不再需要", en: "released, no longer needed" },
  recovered: { zh: "已康复", en: "recovered" },
  deceased: { zh: "本人去世", en: "the person died" },
  moved_away: { zh: "已离开本市", en: "moved away" },
  measure_ended: { zh: "措施已结束", en: "the measure has ended" },
  measure_renewed: { zh: "措施已续期，按新期限解除", en: "the measure was renewed" },
  site_closed: { zh: "场所已停用", en: "the site is no longer used" },
  need_gone: { zh: "需求已不存在（见说明）", en: "the need is gone, as the note says" },
  superseded: { zh: "由新的决定取代", en: "superseded by a new decision" },
};
