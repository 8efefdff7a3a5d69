package org.yifang.console.frame;

import static org.yifang.console.frame.Bilingual.two;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/// The words of what the audit log names: operations and interactions, and what they were done to.
public final class DeedWords {
    private static final Map<String, Bilingual> ACTS =
            Map.ofEntries(
                    two("arrived", "告知患者已到", "told that the patient arrived"),
                    two("audit-trail", "查看访问记录", "looked at who looked"),
                    two("batch", "一次提交多项请求", "sent several calls at once"),
                    two("cancel", "撤销处方", "cancelled a prescription"),
                    two("capabilities", "查看接口能力", "read what the interface can do"),
                    two("change-client", "修改客户端系统", "changed a client"),
                    two("change-password", "修改密码", "changed a password"),
                    two("change-person", "修改人员", "changed a person"),
                    two("changes", "记录数据变更", "noted changes of data"),
                    two("charged-prices", "查看收费", "looked at charges"),
                    two("choose-pharmacy", "选择药房", "chose a pharmacy"),
                    two("claim", "领取处方", "claimed a prescription"),
                    two("compare-prices", "比较价格", "compared prices"),
                    two("consent", "因患者授权暂停或恢复流转", "held or let go on, as the patient allows"),
                    two("create", "新建", "created"),
                    two("decide-held-price", "核定价格", "decided on a held price"),
                    two("delete", "删除", "deleted"),
                    two("dispense", "发药", "handed out drugs"),
                    two("erase", "清除患者数据", "erased a patient's data"),
                    two("evaluate-measure", "评估", "evaluated"),
                    two("evaluation-status", "查看评估进度", "asked for an evaluation"),
                    two("events", "取回通知", "fetched notifications again"),
                    two("expand", "查看编码列表", "listed codes"),
                    two("export", "导出", "exported"),
                    two("export-file", "下载导出文件", "fetched an exported file"),
                    two("export-status", "查看导出进度", "asked for an export"),
                    two("held-prices", "查看待核价格", "looked at held prices"),
                    two("history-instance", "查看历史版本", "read the history of"),
                    two("honoured-prices", "查看价格兑现", "looked at honoured prices"),
                    two("import", "导入登记", "imported registrations"),
                    two("import-catalogue", "导入药品目录", "imported the catalogue"),
                    two("import-history", "导入历史数据", "imported the past"),
                    two("import-offers", "导入报价", "imported offers"),
                    two("judge-swap", "判断可替换性", "judged a swap"),
                    two("legal-hold", "证据保全", "held as evidence"),
                    two("lookup", "查询编码", "looked up a code"),
                    two("paid", "告知患者已付款", "told that the patient paid"),
                    two("patch", "修改", "changed"),
                    two("pickup-slip", "出具取药单", "made a slip"),
                    two("plans", "查看评估方案", "looked at plans"),
                    two("prepared", "告知药已配好", "told that the drugs are ready"),
                    two("price-alert", "设置降价提醒", "waited for a price"),
                    two("price-course", "查看药价走势", "looked at how prices went"),
                    two("price-feed", "登记价格来源", "registered a price feed"),
                    two("price-history", "查看历史价格", "looked at past prices"),
                    two("price-savings", "查看可省金额", "looked at savings"),
                    two("progress", "告知进度", "told progress"),
                    two("proof", "取证明", "fetched a proof"),
                    two("question", "审计提问", "asked a ready question"),
                    two("queue-events", "上报排队", "reported queues"),
                    two("queue-quality", "查看排队数据质量", "looked at queue quality"),
                    two("read", "查看", "read"),
                    two("redeliver", "重新投递通知", "had parked events told again"),
                    two("register-client", "登记客户端系统", "registered a client"),
                    two("register-person", "登记人员", "registered a person"),
                    two("register-plan", "登记评估方案", "registered a plan"),
                    two("release", "释放处方", "released a prescription"),
                    two("remove-feed", "删除价格来源", "removed a price feed"),
                    two("renew", "延长保留", "renewed a claim"),
                    two("resale-suspicion", "记录疑似重复销售", "noted a suspected second sale"),
                    two("reset-person", "重置人员密码", "reset a person's password"),
                    two("resume", "恢复处方", "resumed a prescription"),
                    two("review", "审方", "reviewed a prescription"),
                    two("review-overdue", "提示审方超时", "told that a review is overdue"),
                    two("rotate-secret", "更换密钥", "made a new secret"),
                    two("search-type", "检索", "searched"),
                    two("second-factor", "更改二次验证", "changed a second factor"),
                    two("set-feed", "设置价格来源", "set a price feed"),
                    two("setup", "首次设置", "set the service up"),
                    two("sign-in", "登录", "signed in"),
                    two("sign-out", "退出", "signed out"),
                    two("start-job", "启动后台任务", "started a job"),
                    two("status", "查看通知订阅状态", "looked at how a subscription stands"),
                    two("submit-prescription", "提交处方", "submitted a prescription"),
                    two("suspend", "暂停处方", "suspended a prescription"),
                    two("swap-proposals", "查看替换建议", "looked at proposed swaps"),
                    two("swaps", "查看可替换性", "looked at swaps"),
                    two("take-back", "退药", "took drugs back"),
                    two("tie-to-provider", "关联统一登录", "tied an account to the sign-in provider"),
                    two("time", "到期自动处理", "what time alone did"),
                    two("token", "取令牌", "was given a token"),
                    two("transaction", "一次提交多项请求", "sent several calls at once"),
                    two("translate", "转换编码", "translated a code"),
                    two("unmask", "解除遮蔽", "unmasked a person"),
                    two("update", "修改", "changed"),
                    two("validate", "校验", "validated"),
                    two("validate-code", "校验编码", "checked a code"),
                    two("vread", "查看旧版本", "read a version of"));

    private static final Map<String, Bilingual> THINGS =
            Map.ofEntries(
                    two("AllergyIntolerance", "过敏信息", "allergies"),
                    two("AuditEvent", "审计事件", "audit events"),
                    two("Basic", "接口附加资源", "further resources of the interface"),
                    two("Binary", "文件", "files"),
                    two("Bundle", "处方原文", "a document"),
                    two("ChargeItemDefinition", "报价", "offers"),
                    two("CodeSystem", "编码体系", "code systems"),
                    two("Composition", "处方文书", "prescription documents"),
                    two("ConceptMap", "编码对照", "maps of codes"),
                    two("Condition", "诊断", "diagnoses"),
                    two("Consent", "患者授权", "consents"),
                    two("Encounter", "就诊", "visits"),
                    two("HealthcareService", "服务项目", "services"),
                    two("Location", "地点", "places"),
                    two("Measure", "评估指标", "measures"),
                    two("MeasureReport", "评估报告", "reports of measures"),
                    two("Medication", "药品", "drugs"),
                    two("MedicationDispense", "发药记录", "dispenses"),
                    two("MedicationRequest", "处方行", "lines"),
                    two("NamingSystem", "标识体系", "systems of identifiers"),
                    two("Observation", "检查检验结果", "observations"),
                    two("OperationDefinition", "操作定义", "definitions of operations"),
                    two("Organization", "机构", "organizations"),
                    two("Patient", "患者", "patients"),
                    two("Practitioner", "医务人员", "practitioners"),
                    two("PractitionerRole", "执业关系", "positions of practitioners"),
                    two("SearchParameter", "检索参数", "search parameters"),
                    two("StructureDefinition", "数据结构定义", "definitions of structures"),
                    two("Subscription", "通知订阅", "subscriptions"),
                    two("Task", "处方", "prescriptions"),
                    two("ValueSet", "值集", "value sets"));

    /// Null for a code that is not known.
    public static @Nullable Bilingual of(String code) {
        Bilingual act = ACTS.get(code);
        return act == null ? THINGS.get(code) : act;
    }

    /// All by their codes.
    public static Map<String, Bilingual> all() {
        Map<String, Bilingual> all = new HashMap<>(ACTS);
        all.putAll(THINGS);
        return all;
    }

    private DeedWords() {}
}
