package org.yifang.console.review;

import com.fasterxml.jackson.databind.JsonNode;

import org.yifang.console.frame.Parameters;
import org.yifang.console.frame.Read;

/// A swap as a pharmacist looks at it.
///
/// @param one what is sold, its code
/// @param other what could be sold instead, its code
/// @param level `L2` or `L3`
/// @param holds whether it holds now
public record Swap(
        String one,
        String oneName,
        String onePrice,
        String other,
        String otherName,
        String otherPrice,
        String unit,
        String units,
        String saving,
        String level,
        boolean holds) {
    static Swap of(JsonNode told) {
        return new Swap(
                code(told, "one"),
                text(told, "one-name") + " " + text(told, "one-maker"),
                price(told, "one-unit-price"),
                code(told, "other"),
                text(told, "other-name") + " " + text(told, "other-maker"),
                price(told, "other-unit-price"),
                text(told, "unit"),
                number(told, "units"),
                Read.money(Parameters.find(told, "saving").at("/valueMoney/value")),
                code(told, "level"),
                Parameters.find(told, "approved").path("valueBoolean").asBoolean());
    }

    /// What was judged, and by whom.
    ///
    /// @param one a code of it, by which it can be judged anew; empty where the catalogue has none
    /// @param products whether two products were judged, not two sets
    /// @param verdict `equivalent`, `parted` or `withdrawn`
    public record Judged(
            String one,
            String oneName,
            String other,
            String otherName,
            boolean products,
            String verdict,
            String approver,
            String on,
            String reason) {
        static Judged of(JsonNode told) {
            String one = text(told, "one");
            String first = code(told, "one-drug");
            String oneName = text(told, "one-name");
            String otherName = text(told, "other-name");
            return new Judged(
                    first,
                    oneName.isEmpty() ? one : oneName,
                    code(told, "other-drug"),
                    otherName.isEmpty() ? text(told, "other") : otherName,
                    first.equals(one),
                    code(told, "verdict"),
                    text(told, "approver"),
                    Parameters.find(told, "on").path("valueDate").asText(),
                    text(told, "reason"));
        }

        /// Two products hold for equal unless they are parted, two sets only where they are joined.
        public boolean holds() {
            return verdict.equals("equivalent") || products && verdict.equals("withdrawn");
        }

        /// Whether its drugs are known still.
        public boolean isKnown() {
            return !one.isEmpty() && !other.isEmpty();
        }
    }

    private static String text(JsonNode told, String name) {
        return Parameters.find(told, name).path("valueString").asText();
    }

    private static String code(JsonNode told, String name) {
        return Parameters.find(told, name).path("valueCode").asText();
    }

    private static String price(JsonNode told, String name) {
        return Read.unitPrice(Parameters.find(told, name).path("valueDecimal"));
    }

    private static String number(JsonNode told, String name) {
        return Read.number(Parameters.find(told, name).path("valueDecimal"));
    }
}
