package org.yifang.console.counter;

import org.yifang.console.frame.Read;
import org.yifang.console.frame.Trouble;

import java.math.BigDecimal;
import java.util.List;

/// The prescription on the counter.
///
/// @param reason why it stands so, empty when nothing says it
/// @param claimToken proves the claim, empty when it is over
/// @param leaseUntil instant, empty when it is over
/// @param once names this hand-over, so that sending it again changes nothing
/// @param handed what has been handed out
public record Work(
        String task,
        String number,
        String state,
        String reason,
        String claimToken,
        String leaseUntil,
        String once,
        String patient,
        String about,
        String hospital,
        String diagnosis,
        String kind,
        List<String> allergies,
        List<Trouble> warnings,
        List<Line> lines,
        List<Handed> handed) {

    /// Something that was handed out, as the receipt shows it.
    public record Handed(
            String id,
            String system,
            String key,
            String name,
            String quantity,
            String amount,
            String unit,
            String price,
            String lot,
            List<String> codes,
            String at,
            boolean own,
            boolean back) {}

    /// What this counter was paid for what it handed out and did not take back, in yuan; empty when
    /// a price is not known.
    public String total() {
        BigDecimal total = BigDecimal.ZERO;
        for (Handed one : handed) {
            if (one.own() && !one.back()) {
                if (one.price().isEmpty()) {
                    return "";
                }
                total = total.add(new BigDecimal(one.price()));
            }
        }
        return total.signum() == 0 ? "" : Read.money(total);
    }

    /// Lines of which something is still to be had.
    public List<Line> open() {
        return lines.stream().filter(Line::isOpen).toList();
    }

    public boolean isCancelled() {
        return state.endsWith("cancelled");
    }

    public boolean isHeld() {
        return state.equals("in-progress/claimed") || state.equals("in-progress/partly-dispensed");
    }
}
