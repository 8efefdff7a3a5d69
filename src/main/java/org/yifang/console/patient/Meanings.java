package org.yifang.console.patient;

import static org.yifang.console.frame.Bilingual.two;

import org.yifang.console.frame.Bilingual;
import org.yifang.console.frame.Page;

import java.util.Map;

/// What a state means for the patient, and what to do then: said where the word alone leaves one
/// asking.
final class Meanings {
    private static final Map<String, Bilingual> WORDS =
            Map.ofEntries(
                    two(
                            "awaiting-review",
                            "药师正在审核，通过后即可取药，本页会自动更新。",
                            "A pharmacist is reviewing it; it can be collected once approved. This"
                                    + " page tells you."),
                    two(
                            "review-refused",
                            "药师审核未通过，不能取药。请联系开方医院。",
                            "The reviewing pharmacist refused it: it cannot be collected. Ask the"
                                    + " hospital that wrote it."),
                    two(
                            "suspended",
                            "医院或医保局暂停了这张处方，暂时不能取药。恢复后本页会自动更新。",
                            "The hospital or the bureau put it on hold: it cannot be collected for"
                                    + " now. This page tells you when it goes on."),
                    two(
                            "cancelled",
                            "医院撤销了这张处方，不能再凭它取药。药房已收到通知，不必再去。请联系开方医院。",
                            "The hospital cancelled it: nothing can be collected on it any more."
                                    + " Pharmacies are told, you need not go there. Ask the"
                                    + " hospital that wrote it."),
                    two(
                            "rest-cancelled",
                            "医院撤销了还没取的部分。已取的药能否继续用，请问开方医院。",
                            "The hospital cancelled what you had not collected. Ask it whether to"
                                    + " go on with what you have."),
                    two(
                            "expired",
                            "有效期已过，不能再取药。如仍需用药，请联系开方医院重新开具。",
                            "It is past its last day and cannot be collected. If you still need"
                                    + " the drugs, ask the hospital for a new one."),
                    two(
                            "rest-expired",
                            "还没取的部分已过有效期。如仍需用药，请联系开方医院重新开具。",
                            "What you had not collected is past its last day. If you still need"
                                    + " it, ask the hospital for a new one."),
                    two(
                            "rest-awaiting-claim",
                            "还有药没取，凭原取药码可到任一药房取。",
                            "Something is left: with the same code any pharmacy hands it out."),
                    two(
                            "awaiting-next-fill",
                            "这次的药已取完，下次的取药日到了再来。",
                            "This time's drugs are collected; the next can be had from its day"
                                    + " on."));

    static String of(Page page, String state, String reason) {
        Bilingual words = WORDS.get(state.substring(state.indexOf('/') + 1));
        if (words == null) {
            return "";
        }
        return reason.isEmpty() || state.startsWith("ready/")
                ? words.in(page)
                : words.in(page) + page.t("原因：" + reason, " Reason: " + reason);
    }

    private Meanings() {}
}
