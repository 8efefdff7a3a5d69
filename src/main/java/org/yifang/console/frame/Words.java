package org.yifang.console.frame;

import static org.yifang.console.frame.Bilingual.two;

import java.util.Map;

/// The words of the contract's codes, for people.
public final class Words {
    private static final Map<String, Bilingual> STATES =
            Map.ofEntries(
                    two("awaiting-review", "等待审方", "awaits review"),
                    two("review-refused", "审方未通过", "review refused"),
                    two("awaiting-claim", "可取药", "ready to be collected"),
                    two("claimed", "药房处理中", "at a pharmacy"),
                    two("partly-dispensed", "已取部分", "partly handed out"),
                    two("rest-awaiting-claim", "余量可取", "rest can be collected"),
                    two("awaiting-next-fill", "等待下次取药", "next fill not open yet"),
                    two("dispensed", "已取完", "handed out"),
                    two("suspended", "已暂停", "on hold"),
                    two("prescriber-query", "等待医生答复", "question to the prescriber"),
                    two("cancelled", "已撤销", "cancelled"),
                    two("rest-cancelled", "余量已撤销", "rest cancelled"),
                    two("expired", "已过期", "expired"),
                    two("rest-expired", "余量已过期", "rest expired"));

    /// Of a line: MedicationRequest.status.
    private static final Map<String, Bilingual> LINES =
            Map.ofEntries(
                    two("active", "可发", "open"),
                    two("on-hold", "已暂停", "on hold"),
                    two("cancelled", "已撤销", "cancelled"),
                    two("completed", "已完成", "complete"),
                    two("stopped", "已停止", "stopped"),
                    two("draft", "待审", "awaits review"));

    private static final Map<String, Bilingual> COLUMNS =
            Map.ofEntries(
                    two("pharmacy", "药店", "pharmacy"),
                    two("drug", "药品编码", "drug code"),
                    two("price", "价格（元）", "price (yuan)"),
                    two("unit-price", "单价（元）", "unit price (yuan)"),
                    two("price-type", "价格种类", "kind of price"),
                    two("observed", "观察于", "observed"),
                    two("received", "收到于", "received"),
                    two("recorded", "记录于", "recorded"),
                    two("source", "来源", "source"),
                    two("origin", "出处", "origin"),
                    two("status", "状态", "state"),
                    two("flags", "标记", "flags"),
                    two("evidence", "依据", "ground"),
                    two("reason", "理由", "reason"),
                    two("decided-by", "决定人", "decided by"),
                    two("decided", "决定于", "decided"),
                    two("shown", "所示价", "shown"),
                    two("shown-at", "展示于", "shown at"),
                    two("charged", "收取", "charged"),
                    two("honoured", "兑现率", "honoured"),
                    two("rate", "比率", "rate"),
                    two("sales", "售出", "sales"),
                    two("quantity", "数量", "quantity"),
                    two("commitment", "价格承诺", "price promise"),
                    two("dispense", "发药", "dispense"),
                    two("organization", "机构", "organization"),
                    two("reference", "参考价", "reference"),
                    two("units", "数量", "units"),
                    two("possible", "可省（元）", "possible (yuan)"),
                    two("tickets", "票号", "tickets"),
                    two("events", "事件", "events"),
                    two("patient_id", "患者", "patient"),
                    two("task_id", "处方", "prescription"),
                    two("person_id", "人员", "person"),
                    two("operation", "操作", "operation"),
                    two("purpose", "目的", "purpose"),
                    two("day", "日期", "day"),
                    two("address", "地址", "address"),
                    two("problem", "错误编号", "problem"),
                    two("times", "次数", "times"),
                    two("patients", "患者数", "patients"),
                    two("median", "同类中位数", "median of its role"),
                    two("releases", "释放次数", "releases"),
                    two("organizations", "机构数", "organizations"),
                    two("first_at", "首次", "first"),
                    two("last_at", "末次", "last"),
                    two("auto-closed-share", "自动关闭占比", "share closed by itself"),
                    two("service-end-missing", "缺服务结束", "end of service missing"),
                    two("start-missing", "缺开始", "start missing"),
                    two("busiest-hour", "最忙时段（时）", "busiest hour"),
                    two("arrivals-per-hour", "每小时到达", "arrivals per hour"),
                    two("mean-service-seconds", "平均服务（秒）", "mean service (s)"),
                    two(
                            "windows-for-80-percent-within-10-min",
                            "八成10分钟内所需窗口",
                            "windows for 80 % within 10 min"),
                    two("mean-wait-then-seconds", "届时平均等候（秒）", "mean wait then (s)"),
                    two("longer-than-10-min-then", "届时超10分钟占比", "share above 10 min then"),
                    two("end-missing", "缺结束", "end missing"),
                    two("closed-by-itself", "自动关闭", "closed by itself"),
                    two("late", "迟报", "late"),
                    two("auto-closed", "自动关闭", "closed by itself"),
                    two("uploads", "上传次数", "uploads"),
                    two("refused", "拒收", "refused"),
                    two("quarantined", "隔离", "quarantined"),
                    two("queue", "队列", "queue"),
                    two("clock-jumps", "时钟跳变", "clock jumps"),
                    two("clock-offset-seconds", "时钟偏差（秒）", "clock offset (s)"),
                    two("clock-offset-least-seconds", "最小偏差（秒）", "least offset (s)"),
                    two("clock-offset-most-seconds", "最大偏差（秒）", "most offset (s)"),
                    two("repeated", "重复", "repeated"),
                    two("clock-skew-seconds", "时钟偏差（秒）", "clock skew (s)"),
                    two("little-gap", "Little 缺口", "Little's gap"),
                    two("little-day", "Little 日", "day of Little's gap"),
                    two("little-alarm", "Little 报警", "Little's alarm"),
                    two("recorded-at", "时间", "at"),
                    two("at", "时间", "at"),
                    two("who", "谁", "who"),
                    two("person", "人员", "person"),
                    two("client", "系统", "client"),
                    two("role", "角色", "role"),
                    two("patient", "患者", "patient"),
                    two("count", "次数", "count"),
                    two("event", "事件", "event"),
                    two("first", "首次", "first"),
                    two("last", "末次", "last"),
                    two("outcome", "结果", "outcome"));

    private static final Map<String, Bilingual> KINDS =
            Map.of(
                    "hospital", new Bilingual("医院", "hospital"),
                    "pharmacy", new Bilingual("药房", "pharmacy"),
                    "bureau", new Bilingual("医保局", "bureau"));

    private static final Map<String, Bilingual> ROLES =
            Map.ofEntries(
                    two("hospital", "医院", "hospital"),
                    two("reviewer", "审方药师", "reviewer"),
                    two("pharmacy", "药房", "pharmacy"),
                    two("patient", "患者端", "patient app"),
                    two("bureau", "医保局", "bureau"),
                    two("auditor", "审计", "auditor"),
                    two("operator", "运维", "operator"));

    /// The state behind the slash of `ready/awaiting-claim`, or a bare code.
    public static String state(String path, boolean en) {
        return of(STATES, path.substring(path.lastIndexOf('/') + 1), en);
    }

    /// How a line stands.
    public static String line(String code, boolean en) {
        return of(LINES, code, en);
    }

    /// What kind of institution it is.
    public static String kind(String code, boolean en) {
        return of(KINDS, code, en);
    }

    /// What the part of an answer is called above a column.
    public static String column(String name, boolean en) {
        Bilingual both = COLUMNS.get(name);
        return both == null ? name.replace('-', ' ') : both.in(en);
    }

    /// A role of the contract.
    public static String role(String code, boolean en) {
        return of(ROLES, code, en);
    }

    private static String of(Map<String, Bilingual> words, String code, boolean en) {
        Bilingual both = words.get(code);
        return both == null ? code : both.in(en);
    }

    private Words() {}
}
