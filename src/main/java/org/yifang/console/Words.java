package org.yifang.console;

import java.util.Map;

/// The words of the contract's codes, for people.
public final class Words {
    private static final Map<String, String[]> STATES =
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

    private static Map.Entry<String, String[]> two(String code, String zh, String en) {
        return Map.entry(code, new String[] {zh, en});
    }

    /// The state behind the slash of `ready/awaiting-claim`, or a bare code.
    public static String state(String path, boolean en) {
        return of(STATES, path.substring(path.lastIndexOf('/') + 1), en);
    }

    private static String of(Map<String, String[]> words, String code, boolean en) {
        String[] both = words.get(code);
        return both == null ? code : both[en ? 1 : 0];
    }

    private Words() {}
}
