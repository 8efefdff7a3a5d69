package org.yifang.console.auditor;

import static org.yifang.console.frame.Bilingual.two;

import com.fasterxml.jackson.databind.JsonNode;

import org.yifang.console.frame.Bilingual;
import org.yifang.console.frame.DeedWords;
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
        Bilingual known = DeedWords.of(code);
        return known == null ? code : known.in(page);
    }

    /// The letters of AuditEvent.action, in words.
    public static String action(Page page, String letter) {
        return ACTIONS.getOrDefault(letter, new Bilingual(letter, letter)).in(page);
    }

    /// Every code with its word, roles too, for tables.
    static Map<String, String> all(Page page) {
        Map<String, String> all = new HashMap<>();
        DeedWords.all().forEach((code, both) -> all.put(code, both.in(page)));
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
