package org.yifang.console.auditor;

import static org.yifang.console.frame.Bilingual.two;

import com.fasterxml.jackson.databind.JsonNode;

import org.yifang.console.frame.Bilingual;
import org.yifang.console.frame.Page;
import org.yifang.console.frame.Words;
import org.yifang.platform.Role;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an entry of the audit log did, in an auditor's words; the codes stay searchable.
public final class Deeds {
    private static final Pattern LEDGER = Pattern.compile("ledger \\d+/(\\d+) \\S+");

    private static final Map<String, Bilingual> WORDS =
            Map.ofEntries(
                    two("audit-trail", "查看访问记录", "looked at who looked"),
                    two("cancel", "撤销处方", "cancelled a prescription"),
                    two("changes", "记录数据变更", "noted changes of data"),
                    two("charged-prices", "查看收费", "looked at charges"),
                    two("choose-pharmacy", "选择药房", "chose a pharmacy"),
                    two("claim", "领取处方", "claimed a prescription"),
                    two("compare-prices", "比较价格", "compared prices"),
                    two("create", "新建", "created"),
                    two("decide-held-price", "核定价格", "decided on a held price"),
                    two("delete", "删除", "deleted"),
                    two("dispense", "发药", "handed out drugs"),
                    two("evaluate-measure", "评估", "evaluated"),
                    two("export", "导出", "exported"),
                    two("export-file", "下载导出文件", "fetched an exported file"),
                    two("export-status", "查看导出进度", "asked for an export"),
                    two("history-instance", "查看历史版本", "read the history of"),
                    two("held-prices", "查看待核价格", "looked at held prices"),
                    two("honoured-prices", "查看价格兑现", "looked at honoured prices"),
                    two("import-catalogue", "导入药品目录", "imported the catalogue"),
                    two("import-history", "导入历史数据", "imported the past"),
                    two("import-offers", "导入报价", "imported offers"),
                    two("price-course", "查看药价走势", "looked at how prices went"),
                    two("price-alert", "设置降价提醒", "waited for a price"),
                    two("swap-proposals", "查看替换建议", "looked at proposed swaps"),
                    two("judge-swap", "判断可替换性", "judged a swap"),
                    two("legal-hold", "证据保全", "held as evidence"),
                    two("pickup-slip", "出具取药单", "made a slip"),
                    two("plans", "查看评估方案", "looked at plans"),
                    two("price-feed", "登记价格来源", "registered a price feed"),
                    two("price-savings", "查看可省金额", "looked at savings"),
                    two("progress", "告知进度", "told progress"),
                    two("proof", "取证明", "fetched a proof"),
                    two("question", "审计提问", "asked a ready question"),
                    two("queue-events", "上报排队", "reported queues"),
                    two("queue-quality", "查看排队数据质量", "looked at queue quality"),
                    two("read", "查看", "read"),
                    two("redeliver", "重新投递通知", "had parked events told again"),
                    two("register-plan", "登记评估方案", "registered a plan"),
                    two("release", "释放处方", "released a prescription"),
                    two("renew", "延长保留", "renewed a claim"),
                    two("resume", "恢复处方", "resumed a prescription"),
                    two("review", "审方", "reviewed a prescription"),
                    two("rotate-secret", "更换订阅密钥", "made a new secret of a subscription"),
                    two("search-type", "检索", "searched"),
                    two("sign-in", "登录", "signed in"),
                    two("sign-out", "退出", "signed out"),
                    two("submit-prescription", "提交处方", "submitted a prescription"),
                    two("suspend", "暂停处方", "suspended a prescription"),
                    two("swaps", "查看可替换性", "looked at swaps"),
                    two("take-back", "退药", "took drugs back"),
                    two("token", "取令牌", "was given a token"),
                    two("unmask", "解除遮蔽", "unmasked a person"),
                    two("update", "修改", "changed"),
                    two("validate", "校验", "validated"),
                    two("vread", "查看旧版本", "read a version of"),
                    two("AuditEvent", "审计事件", "audit events"),
                    two("Bundle", "处方原文", "a document"),
                    two("ChargeItemDefinition", "报价", "offers"),
                    two("Medication", "药品", "drugs"),
                    two("MedicationDispense", "发药记录", "dispenses"),
                    two("MedicationRequest", "处方行", "lines"),
                    two("Organization", "机构", "organizations"),
                    two("Patient", "患者", "patients"),
                    two("Practitioner", "医务人员", "practitioners"),
                    two("Subscription", "通知订阅", "subscriptions"),
                    two("Task", "处方", "prescriptions"));

    private static final Map<String, Bilingual> ADMINISTERED =
            Map.ofEntries(
                    two("clients", "客户端系统", "clients"),
                    two("people", "人员", "people"),
                    two("feeds", "价格来源", "price feeds"),
                    two("receivers", "通知接收方", "receivers of notifications"),
                    two("import", "导入", "import"),
                    two("jobs", "任务", "jobs"),
                    two("keys", "密钥", "keys"),
                    two("health", "运行状况", "health"),
                    two("patients", "患者数据清除", "erasure of patient data"),
                    two("retention", "到期清除", "retention"));

    private static final Map<String, Bilingual> ACTIONS =
            Map.of(
                    "C", new Bilingual("新建", "create"),
                    "R", new Bilingual("读取", "read"),
                    "U", new Bilingual("修改", "change"),
                    "D", new Bilingual("删除", "delete"),
                    "E", new Bilingual("执行操作", "carry out"));

    private static final Map<String, Bilingual> QUESTIONS =
            Map.of(
                    "outside-treatment",
                            new Bilingual(
                                    "诊疗人员以诊疗、急救、患者要求、支付以外的目的，或未说明目的，接触患者数据",
                                    "Patient data touched by those who treat, for a purpose that is"
                                            + " not treatment, emergency, the patient's request or"
                                            + " payment, or that was not stated"),
                    "many-patients",
                            new Bilingual(
                                    "同一天查看的患者数，与同类角色的中位数相比",
                                    "Patients that one client or person looked at in a day,"
                                            + " beside the"
                                            + " median of its role"),
                    "odd-hours",
                            new Bilingual(
                                    "22:00 至次日 06:00 提交的处方",
                                    "Prescriptions submitted between 22:00 and 06:00"),
                    "refusals",
                            new Bilingual(
                                    "按日、系统、地址与错误编号统计的拒绝",
                                    "Refusals by day, client, address and problem"),
                    "unmasking",
                            new Bilingual(
                                    "每一次解除遮蔽：谁、看了谁、为什么",
                                    "Every look behind the mask: who saw which person, and"
                                            + " what for"),
                    "released-again",
                            new Bilingual(
                                    "被领取又释放三次以上的处方",
                                    "Prescriptions claimed and released three times or more"),
                    "trace-code-twice",
                            new Bilingual(
                                    "试图再次售出已售追溯码的药盒",
                                    "Attempts to sell a pack whose trace code was sold already"));

    /// What the subtypes of an event say.
    static String words(Page page, JsonNode event) {
        StringBuilder words = new StringBuilder();
        for (JsonNode subtype : event.path("subtype")) {
            String code = subtype.path("code").asText();
            if (!code.equals("operation")) {
                words.append(words.isEmpty() ? "" : " ").append(word(page, code));
            }
        }
        return words.toString();
    }

    /// Up to where of the ledger a note of changed data commits, which tells it from the next;
    /// empty where there is more to say of a change.
    static String ledger(Page page, String change) {
        Matcher ledger = LEDGER.matcher(change);
        return ledger.matches()
                ? page.t("，至账本第 " + ledger.group(1) + " 号", ", ledger up to no. " + ledger.group(1))
                : "";
    }

    /// An operation of administration is named by what it is at: `admin/clients/id/secret`.
    static String word(Page page, String code) {
        if (code.startsWith("admin/")) {
            String[] path = code.split("/", 3);
            Bilingual at = ADMINISTERED.getOrDefault(path[1], new Bilingual(path[1], path[1]));
            return page.t("运维：", "administration: ") + at.in(page);
        }
        Bilingual known = WORDS.get(code);
        return known == null ? code : known.in(page);
    }

    /// The letters of AuditEvent.action, in words.
    public static String action(Page page, String letter) {
        return ACTIONS.getOrDefault(letter, new Bilingual(letter, letter)).in(page);
    }

    /// Every code with its word, roles too, for tables.
    static Map<String, String> all(Page page) {
        Map<String, String> all = new HashMap<>();
        WORDS.forEach((code, both) -> all.put(code, both.in(page)));
        for (Role role : Role.values()) {
            all.put(role.code(), Words.role(role.code(), page.en()));
        }
        return all;
    }

    /// What a ready question lists; what the service says of one that is not known here.
    static String question(Page page, String code, String otherwise) {
        Bilingual known = QUESTIONS.get(code);
        return known == null ? otherwise : known.in(page);
    }

    private Deeds() {}
}
