package org.yifang.console.hospital;

import org.yifang.console.frame.Codes;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A prescription being written.
///
/// @param number the patient's identity card
/// @param diagnosis `I10 name`, or a name alone
public record Draft(
        String number, String name, String diagnosis, String department, List<Line> lines) {
    private static final Pattern AMOUNT = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(\\S*)");
    private static final Pattern CODED = Pattern.compile("([A-Z]\\d{2}[\\w.+*-]*)\\s+(.+)");

    /// One line of it.
    ///
    /// @param route code of the CodeSystem `route`
    /// @param dose in `doseUnit`
    /// @param times a day
    /// @param quantity in `unit`
    public record Line(
            String code,
            String drug,
            String kind,
            String route,
            String dose,
            String doseUnit,
            int times,
            int days,
            String quantity,
            String unit) {
        public String words() {
            return Codes.text("route", route, false) + "，每日" + times + "次，每次" + dose + doseUnit;
        }
    }

    /// A line out of what was typed; quantity is dose, times and days, rounded up to whole units.
    ///
    /// @throws IllegalArgumentException when dose, frequency or days cannot be read
    static Line line(Drugs.Product drug, String route, String dose, String frequency, String days) {
        Matcher amount = AMOUNT.matcher(dose.strip());
        if (!amount.matches()) {
            throw new IllegalArgumentException("dose");
        }
        BigDecimal value = new BigDecimal(amount.group(1));
        String unit = amount.group(2).isEmpty() ? meant(drug, value) : amount.group(2);
        BigDecimal units = value;
        BigDecimal strength = drug.strength();
        if (strength != null && unit.equalsIgnoreCase(drug.strengthUnit())) {
            units = value.divide(strength, 4, RoundingMode.HALF_UP);
        } else if (!unit.equals(drug.unit())) {
            throw new IllegalArgumentException("dose");
        }
        int times = times(frequency.strip().toLowerCase(java.util.Locale.ROOT));
        if (!days.strip().matches("[1-9]\\d?")) {
            throw new IllegalArgumentException("days");
        }
        int many = Integer.parseInt(days.strip());
        BigDecimal quantity =
                units.multiply(BigDecimal.valueOf((long) times * many))
                        .setScale(0, RoundingMode.CEILING);
        return new Line(
                drug.code(),
                drug.name(),
                drug.kind(),
                Routes.chosen(route, drug),
                amount.group(1),
                unit,
                times,
                many,
                quantity.toPlainString(),
                drug.unit());
    }

    /// Among the products that a name fits, the one of which one unit is the dose; else the first.
    static Drugs.Product fitting(List<Drugs.Product> found, String dose) {
        Matcher amount = AMOUNT.matcher(dose.strip());
        if (amount.matches()) {
            BigDecimal value = new BigDecimal(amount.group(1));
            String unit = amount.group(2);
            for (Drugs.Product one : found) {
                boolean same = unit.isEmpty() || unit.equalsIgnoreCase(one.strengthUnit());
                if (same && one.strength() != null && one.strength().compareTo(value) == 0) {
                    return one;
                }
            }
        }
        return found.getFirst();
    }

    /// The unit of a bare number: `5` of a drug of 5mg is 5mg, `1` of it is one tablet.
    private static String meant(Drugs.Product drug, BigDecimal value) {
        BigDecimal strength = drug.strength();
        boolean tablets =
                strength == null
                        || value.compareTo(strength.divide(BigDecimal.TWO, 4, RoundingMode.HALF_UP))
                                < 0;
        return tablets ? drug.unit() : drug.strengthUnit();
    }

    private static int times(String frequency) {
        return switch (frequency) {
            case "qd", "qn", "qm" -> 1;
            case "bid", "q12h" -> 2;
            case "tid", "q8h" -> 3;
            case "qid", "q6h" -> 4;
            default -> {
                Matcher number = Pattern.compile("\\D*(\\d)\\D*").matcher(frequency);
                if (!number.matches() || number.group(1).equals("0")) {
                    throw new IllegalArgumentException("frequency");
                }
                yield Integer.parseInt(number.group(1));
            }
        };
    }

    /// The code of the diagnosis, empty when none was given, and its name.
    String[] coded() {
        Matcher coded = CODED.matcher(diagnosis.strip());
        if (coded.matches()) {
            return new String[] {coded.group(1), coded.group(2)};
        }
        return new String[] {"", diagnosis.strip()};
    }
}
