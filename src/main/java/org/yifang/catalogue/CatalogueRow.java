package org.yifang.catalogue;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Csv;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/// One row of a catalogue file on its way to a [Drug], with all that is wrong in it.
final class CatalogueRow {
    private static final int NAME_LENGTH_MAX = 500;
    private static final int PACK_FACTOR_MAX = 100_000;
    private static final Pattern ATC = Pattern.compile("[A-Z](\\d\\d([A-Z]([A-Z](\\d\\d)?)?)?)?");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,12}(\\.\\d{1,6})?");

    private final Csv.Row row;
    private final Map<Column, Integer> positions;
    private final List<CatalogueFile.Refusal> refusals = new ArrayList<>();

    CatalogueRow(Csv.Row row, Map<Column, Integer> positions) {
        this.row = row;
        this.positions = positions;
    }

    List<CatalogueFile.Refusal> refusals() {
        return refusals;
    }

    void refuse(Column column, String reason) {
        refusals.add(new CatalogueFile.Refusal(row.line(), text(Column.CODE), column, reason));
    }

    /// The drug, or null when anything is refused.
    @Nullable Drug drug() {
        for (Column column : Column.values()) {
            checkLength(column);
        }
        checked(Column.CODE, DrugCode.fault(text(Column.CODE)));
        DrugKind kind = oneOf(Column.PRESCRIPTION_TYPE, DrugKind::of, DrugKind.WESTERN);
        ReleaseForm release = oneOf(Column.RELEASE_FORM, ReleaseForm::of, ReleaseForm.OTHER);
        AntimicrobialTier tier =
                oneOf(
                        Column.ANTIMICROBIAL_TIER,
                        AntimicrobialTier::of,
                        AntimicrobialTier.NON_ANTIBIOTIC);
        Set<DrugClass> classes = classes();
        int factor = packFactor();
        Strength strength =
                new Strength(
                        text(Column.STRENGTH),
                        amount(Column.STRENGTH_VALUE, Column.STRENGTH_UNIT),
                        amount(Column.CONTENT_VALUE, Column.CONTENT_UNIT));
        @Nullable ApprovalNumber approval = approvalNumber(kind);
        @Nullable Amount dailyDose = amount(Column.DDD_VALUE, Column.DDD_UNIT);
        @Nullable String atc = atc();
        boolean skinTest = yes(Column.SKIN_TEST);
        boolean volumePurchased = yes(Column.VOLUME_PURCHASED);
        boolean narrow = yes(Column.NARROW_THERAPEUTIC_INDEX);
        if (!refusals.isEmpty()) {
            return null;
        }
        return new Drug(
                new DrugCode(text(Column.CODE)),
                text(Column.GENERIC_NAME),
                text(Column.FORM),
                strength,
                text(Column.PREPARATION_UNIT),
                text(Column.PACK_UNIT),
                factor,
                text(Column.MAKER),
                approval,
                kind,
                release,
                classes,
                tier,
                skinTest,
                volumePurchased,
                dailyDose,
                atc,
                narrow);
    }

    private String text(Column column) {
        @Nullable Integer position = positions.get(column);
        return position == null || position >= row.fields().size()
                ? ""
                : row.fields().get(position).strip();
    }

    private void checkLength(Column column) {
        String text = text(column);
        if (column.required() && text.isEmpty()) {
            refuse(column, "`%s` is empty.".formatted(column.header()));
        } else if (text.length() > NAME_LENGTH_MAX) {
            refuse(
                    column,
                    "`%s` has %d characters; at most %d are kept."
                            .formatted(column.header(), text.length(), NAME_LENGTH_MAX));
        }
    }

    private void checked(Column column, Optional<String> fault) {
        if (!text(column).isEmpty()) {
            fault.ifPresent(reason -> refuse(column, reason));
        }
    }

    private <T> T oneOf(Column column, Function<String, Optional<T>> reader, T ifEmpty) {
        String text = text(column);
        if (text.isEmpty()) {
            return ifEmpty;
        }
        Optional<T> value = reader.apply(text);
        if (value.isEmpty()) {
            refuse(column, "`%s` is none of: %s.".formatted(text, column.meaning()));
        }
        return value.orElse(ifEmpty);
    }

    private Set<DrugClass> classes() {
        Set<DrugClass> classes = EnumSet.noneOf(DrugClass.class);
        for (String name : text(Column.CLASSES).split("\\s+", -1)) {
            if (!name.isEmpty()) {
                DrugClass.of(name)
                        .ifPresentOrElse(
                                classes::add,
                                () ->
                                        refuse(
                                                Column.CLASSES,
                                                "`%s` is none of the class flags %s."
                                                        .formatted(
                                                                name,
                                                                EnumSet.allOf(DrugClass.class))));
            }
        }
        return classes;
    }

    private int packFactor() {
        String text = text(Column.PACK_FACTOR);
        if (text.isEmpty()) {
            return 1;
        }
        int factor = text.matches("\\d{1,6}") ? Integer.parseInt(text) : 0;
        if (factor < 1 || factor > PACK_FACTOR_MAX) {
            refuse(
                    Column.PACK_FACTOR,
                    "`%s` is no whole number from 1 to %d.".formatted(text, PACK_FACTOR_MAX));
            return 1;
        }
        if (factor != 1 && text(Column.PACK_UNIT).equals(text(Column.PREPARATION_UNIT))) {
            refuse(
                    Column.PACK_FACTOR,
                    "One `%s` cannot hold %d `%s`; where both units are the same the factor is 1."
                            .formatted(
                                    text(Column.PACK_UNIT), factor, text(Column.PREPARATION_UNIT)));
        }
        return factor;
    }

    private @Nullable Amount amount(Column valueColumn, Column unitColumn) {
        String value = text(valueColumn);
        String unit = text(unitColumn);
        if (value.isEmpty() && unit.isEmpty()) {
            return null;
        }
        if (value.isEmpty() || unit.isEmpty()) {
            refuse(
                    value.isEmpty() ? valueColumn : unitColumn,
                    "`%s` and `%s` stand together or not at all."
                            .formatted(valueColumn.header(), unitColumn.header()));
            return null;
        }
        if (!NUMBER.matcher(value).matches() || new BigDecimal(value).signum() <= 0) {
            refuse(
                    valueColumn,
                    "`%s` is no number above zero with at most six digits after the point."
                            .formatted(value));
            return null;
        }
        return new Amount(new BigDecimal(value), unit);
    }

    private @Nullable ApprovalNumber approvalNumber(DrugKind kind) {
        String text = text(Column.APPROVAL_NUMBER);
        if (text.isEmpty()) {
            if (kind != DrugKind.HERBAL) {
                refuse(
                        Column.APPROVAL_NUMBER,
                        "Only herbal pieces may be without an approval number.");
            }
            return null;
        }
        checked(Column.APPROVAL_NUMBER, ApprovalNumber.fault(text));
        return ApprovalNumber.parse(text).orElse(null);
    }

    private @Nullable String atc() {
        String text = text(Column.ATC);
        if (text.isEmpty()) {
            return null;
        }
        if (!ATC.matcher(text).matches()) {
            refuse(Column.ATC, "`%s` is no ATC code such as `C08CA01`.".formatted(text));
        }
        return text;
    }

    private boolean yes(Column column) {
        String text = text(column);
        if (!text.isEmpty() && !text.equals("yes") && !text.equals("no")) {
            refuse(column, "`%s` is neither `yes` nor `no`.".formatted(text));
        }
        return text.equals("yes");
    }
}
