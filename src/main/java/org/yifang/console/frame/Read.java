package org.yifang.console.frame;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/// Reads what pages show out of FHIR resources.
public final class Read {
    private static final String EXTENSIONS = "https://yifang.org/fhir/StructureDefinition/";
    private static final BigDecimal CHEAP = new BigDecimal("0.1");
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
    private static final DateTimeFormatter SHOWN =
            DateTimeFormatter.ofPattern("MM-dd HH:mm").withZone(SHANGHAI);
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm").withZone(SHANGHAI);
    private static final DateTimeFormatter WHOLE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(SHANGHAI);

    /// The extension of ours with that name, missing when there is none.
    public static JsonNode extension(JsonNode element, String name) {
        for (JsonNode one : element.path("extension")) {
            if (one.path("url").asText().equals(EXTENSIONS + name)
                    || one.path("url").asText().equals(name)) {
                return one;
            }
        }
        return MissingNode.getInstance();
    }

    /// `ready/awaiting-claim`.
    public static String state(JsonNode task) {
        return task.path("status").asText()
                + "/"
                + task.at("/businessStatus/coding/0/code").asText();
    }

    /// The id in `Type/id`.
    public static String id(JsonNode reference) {
        String text = reference.path("reference").asText();
        return text.substring(text.lastIndexOf('/') + 1);
    }

    /// The output or input of a Task with that code.
    public static JsonNode part(JsonNode task, String list, String code) {
        for (JsonNode one : task.path(list)) {
            if (one.at("/type/coding/0/code").asText().equals(code)) {
                return one;
            }
        }
        return MissingNode.getInstance();
    }

    /// A number without zeros behind the point.
    public static String number(JsonNode value) {
        return value.isMissingNode() || value.isNull() ? "" : number(value.decimalValue());
    }

    public static String number(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    /// What one tablet costs: to the 分, unless that would tell too little of a cheap one.
    public static String unitPrice(JsonNode value) {
        boolean cheap = value.isNumber() && value.decimalValue().compareTo(CHEAP) < 0;
        return cheap ? number(value) : money(value);
    }

    /// An amount in yuan, to the 分.
    public static String money(JsonNode value) {
        return money(value.isNumber() ? value.decimalValue() : null);
    }

    public static String money(@Nullable BigDecimal yuan) {
        return yuan == null ? "" : yuan.setScale(2, RoundingMode.HALF_UP).toPlainString();
    }

    /// `7 片`.
    public static String quantity(JsonNode quantity) {
        return number(quantity.path("value")) + " " + quantity.path("unit").asText();
    }

    /// In Shanghai, to the minute.
    public static String time(JsonNode instant) {
        return instant.isTextual() ? time(instant(instant.asText())) : "";
    }

    public static String time(Instant at) {
        return SHOWN.format(at);
    }

    /// The time of a day that needs no saying.
    public static String clock(Instant at) {
        return CLOCK.format(at);
    }

    /// With its year, to the second.
    public static String whole(JsonNode instant) {
        return instant.isTextual() ? whole(instant(instant.asText())) : "";
    }

    public static String whole(Instant at) {
        return WHOLE.format(at);
    }

    public static Instant instant(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }

    /// Years at a day; empty when the birth date is not known.
    public static String age(JsonNode patient, Instant at) {
        String born = patient.path("birthDate").asText();
        return born.length() == 10
                ? String.valueOf(
                        Period.between(LocalDate.parse(born), LocalDate.ofInstant(at, SHANGHAI))
                                .getYears())
                : "";
    }

    /// The number of an identifier of a system of ours.
    public static String identifier(JsonNode resource, String system) {
        for (JsonNode one : resource.path("identifier")) {
            if (one.path("system").asText().endsWith("/" + system)) {
                return one.path("value").asText();
            }
        }
        return "";
    }

    private Read() {}
}
