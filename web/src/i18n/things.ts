// Short words for codes of the catalogue, where a heading has room for one or two. The whole names come from the city.
import type { Words } from "./core";

export const sections: Readonly<Record<string, Words>> = {
  headquarters: { zh: "指挥部", en: "Headquarters" },
  testing: { zh: "检测组", en: "Testing" },
  tracing: { zh: "流调组", en: "Case investigation" },
  transfer: { zh: "转运组", en: "Transfer" },
  isolation: { zh: "隔离组", en: "Isolation" },
  treatment: { zh: "救治组", en: "Treatment" },
  supplies: { zh: "保供组", en: "Supplies" },
  personnel: { zh: "人员组", en: "Personnel" },
  requests: { zh: "诉求组", en: "Requests" },
  information: { zh: "信息组", en: "Information" },
  safety: { zh: "安全组", en: "Safety" },
  community: { zh: "社区组", en: "Community" },
  welfare: { zh: "关爱组", en: "Welfare" },
  industry: { zh: "产业组", en: "Industry" },
};

export const kindShort: Readonly<Record<string, Words>> = {
  admission: { zh: "收治", en: "Admit" },
  care_placement: { zh: "安置", en: "Placement" },
  case_investigation: { zh: "流调", en: "Cases" },
  contact_isolation: { zh: "隔离", en: "Isolate" },
  crisis_response: { zh: "危机干预", en: "Crisis" },
  dialysis_slot: { zh: "透析", en: "Dialysis" },
  discharge: { zh: "出院", en: "Discharge" },
  exit_inspection: { zh: "出口检查", en: "Inspect" },
  exit_unblock: { zh: "疏通出口", en: "Unblock" },
  food_delivery: { zh: "食物", en: "Food" },
  medicine_delivery: { zh: "药品", en: "Medicine" },
  reconcile_data: { zh: "核对", en: "Reconcile" },
  resident_request: { zh: "诉求", en: "Request" },
  return_home: { zh: "返家", en: "Home" },
  test_round: { zh: "检测", en: "Test" },
  transfer: { zh: "转运", en: "Transfer" },
  tube_result: { zh: "结果", en: "Results" },
  urgent_care_ack: { zh: "急救受理", en: "Urgent call" },
  urgent_care_dispatch: { zh: "急救", en: "Urgent care" },
  water_delivery: { zh: "饮水", en: "Water" },
};
