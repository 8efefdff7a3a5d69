package org.yifang.console.patient;

import static org.yifang.console.frame.Bilingual.two;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;
import org.yifang.console.frame.Bilingual;
import org.yifang.console.frame.DeedWords;
import org.yifang.console.frame.Page;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What an entry of the audit log was about, in a patient's words.
final class Looks {
    private static final Map<String, Bilingual> WORDS =
            Map.ofEntries(
                    two("submit-prescription", "开具处方", "wrote the prescription"),
                    two("review", "审核处方", "reviewed it"),
                    two("claim", "领取处方配药", "took it to prepare"),
                    two("renew", "延长保留", "kept it longer"),
                    two("release", "释放处方", "let it go again"),
                    two("dispense", "发药", "handed out drugs"),
                    two("take-back", "退药", "took drugs back"),
                    two("progress", "告知进度", "told how far it is"),
                    two("cancel", "撤销处方", "cancelled it"),
                    two("suspend", "暂停处方", "put it on hold"),
                    two("resume", "恢复处方", "resumed it"),
                    two("arrived", "登记您已到店", "noted that you arrived"),
                    two("paid", "登记您已付款", "noted that you paid"),
                    two("prepared", "通知药已配好", "told that the drugs are ready"),
                    two("consent", "按您的授权暂停或恢复处方", "held it or let it go on, as you allow"),
                    two("time", "到期自动处理", "did what was due by time"),
                    two("review-overdue", "提示审核超时", "told that its review is late"),
                    two("create", "登记", "wrote down"),
                    two("update", "更改", "changed"),
                    two("patch", "更改", "changed"),
                    two("delete", "删除", "deleted"),
                    two("pickup-slip", "打印或显示取药单", "showed the slip"),
                    two("compare-prices", "比较价格", "compared prices"),
                    two("price-course", "查看药价走势", "looked at how prices went"),
                    two("price-alert", "设置降价提醒", "waited for a price"),
                    two("choose-pharmacy", "选择药房", "chose a pharmacy"),
                    two("audit-trail", "查看访问记录", "looked at this list"),
                    two("token", "打开本页", "opened this page"),
                    two("sign-in", "登录", "signed in"),
                    two("unmask", "解除遮蔽", "unmasked the name"),
                    two("charged-prices", "查看收费", "looked at what was charged"),
                    two("validate", "检查处方", "had it checked"),
                    two("history", "查看经过", "looked at its history"),
                    two("history-instance", "查看经过", "looked at its history"),
                    two("question", "审计核查", "checked it in an audit"),
                    two("proof", "核对日志证明", "checked the log's proof"),
                    two("legal-hold", "作为证据保全", "kept it as evidence"),
                    two("export", "导出（去标识）", "exported without names"),
                    two("receipt", "查看回单", "looked at the receipt"),
                    two("read", "查看", "looked at"),
                    two("vread", "查看", "looked at"),
                    two("search", "查看", "looked at"),
                    two("search-type", "查看", "looked at"));

    private static final Map<String, Bilingual> THINGS =
            Map.ofEntries(
                    two("Task", "处方状态", "its state"),
                    two("MedicationRequest", "处方药品", "its drugs"),
                    two("MedicationDispense", "发药记录", "what was handed out"),
                    two("Patient", "患者信息", "the patient's data"),
                    two("Bundle", "处方原文", "the document"),
                    two("Consent", "您的授权", "what you allow"),
                    two("Encounter", "就诊信息", "a visit"),
                    two("Condition", "诊断", "a diagnosis"),
                    two("Observation", "检查检验结果", "a result"),
                    two("AllergyIntolerance", "过敏信息", "an allergy"),
                    two("Subscription", "通知订阅", "notifications"),
                    two("AuditEvent", "访问记录", "the log"));

    static String words(Page page, JsonNode event) {
        StringBuilder words = new StringBuilder();
        for (JsonNode subtype : event.path("subtype")) {
            String code = subtype.path("code").asText();
            Bilingual own = own(code);
            Bilingual known = own == null ? DeedWords.of(code) : own;
            if (known != null) {
                words.append(words.isEmpty() ? "" : page.t("", " ")).append(known.in(page));
            } else if (!code.equals("operation")) {
                words.append(words.isEmpty() ? "" : " ").append(code);
            }
        }
        return words.toString();
    }

    /// What concerns the patient's own data is said for the patient; null for anything else.
    static @Nullable Bilingual own(String code) {
        Bilingual act = WORDS.get(code);
        return act == null ? THINGS.get(code) : act;
    }

    /// Tells which prescription an entry of the log is about: the log is the person's, not that of
    /// one prescription.
    record Which(Page page, JsonNode shown, List<JsonNode> tasks) {
        /// Empty where the entry names none that the patient has.
        String of(JsonNode event) {
            Set<String> named = new HashSet<>();
            event.path("entity").forEach(one -> named.add(one.at("/what/reference").asText()));
            if (named.contains("Task/" + shown.path("id").asText())) {
                return page.t("本处方", "this prescription");
            }
            for (JsonNode task : tasks) {
                if (named.contains("Task/" + task.path("id").asText())) {
                    String number = task.at("/groupIdentifier/value").asText();
                    return page.t("另一张处方 ", "another prescription, ") + number;
                }
            }
            return "";
        }
    }

    private Looks() {}
}
