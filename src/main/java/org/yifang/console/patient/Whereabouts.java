package org.yifang.console.patient;

import static org.yifang.console.frame.Screens.field;

import io.vertx.ext.web.RoutingContext;

import org.yifang.console.frame.Page;
import org.yifang.console.frame.Parameters;
import org.yifang.console.frame.Trouble;
import org.yifang.platform.problem.ProblemCode;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Where the patient stands, and what an hour is worth: never in an address, and kept nowhere.
///
/// @param typed by its field, as it was sent
/// @param read of it, as `$compare-prices` takes it; nothing where anything could not be read
/// @param troubles what could not be read, by its name
record Whereabouts(Map<String, String> typed, Parameters read, List<Trouble> troubles) {
    private static final String LATITUDE = "latitude";
    private static final String LONGITUDE = "longitude";
    private static final String PER_HOUR = "yuan-per-hour";
    private static final int LATITUDE_MOST = 90;
    private static final int LONGITUDE_MOST = 180;

    /// Nothing was asked.
    static Whereabouts unknown() {
        return new Whereabouts(Map.of(), new Parameters(), List.of());
    }

    /// What the form says.
    static Whereabouts of(RoutingContext http, Page page) {
        Map<String, String> typed = new HashMap<>();
        for (String name : List.of(LATITUDE, LONGITUDE, PER_HOUR)) {
            typed.put(name, field(http, name));
        }
        Whereabouts told = new Whereabouts(typed, new Parameters(), new ArrayList<>());
        told.readPlace(page);
        told.readWorth(page);
        return told.isRead() ? told : new Whereabouts(typed, new Parameters(), told.troubles);
    }

    boolean isRead() {
        return troubles.isEmpty();
    }

    /// Both numbers, or none: half a place is none.
    private void readPlace(Page page) {
        boolean north = isTyped(LATITUDE);
        boolean east = isTyped(LONGITUDE);
        if (north && !isWithin(LATITUDE, LATITUDE_MOST)) {
            refuse(page, page.t("纬度", "latitude"), LATITUDE, LATITUDE_MOST, "29.72");
        }
        if (east && !isWithin(LONGITUDE, LONGITUDE_MOST)) {
            refuse(page, page.t("经度", "longitude"), LONGITUDE, LONGITUDE_MOST, "113.90");
        }
        if (north && !east) {
            half(page, page.t("只填了纬度，没有填经度。", "There is a latitude, but no longitude."));
        }
        if (east && !north) {
            half(page, page.t("只填了经度，没有填纬度。", "There is a longitude, but no latitude."));
        }
        if (north && east && isRead()) {
            read.decimal(LATITUDE, number(LATITUDE));
            read.decimal(LONGITUDE, number(LONGITUDE));
        }
    }

    private void readWorth(Page page) {
        if (!isTyped(PER_HOUR)) {
            return;
        }
        if (plain(PER_HOUR).matches("\\d{1,3}")) {
            read.decimal(PER_HOUR, number(PER_HOUR));
        } else {
            troubles.add(
                    new Trouble(
                            ProblemCode.PARAMETER_UNREADABLE.code(),
                            page.t(
                                    "没有看懂一小时值多少元：“" + typed.get(PER_HOUR) + "”。",
                                    "What an hour is worth cannot be read: “"
                                            + typed.get(PER_HOUR)
                                            + "”."),
                            page.t("请填写 0 到 999 的整数。", "Write a whole number from 0 to 999."),
                            false));
        }
    }

    private void refuse(Page page, String what, String name, int most, String example) {
        String value = typed.get(name);
        troubles.add(
                new Trouble(
                        ProblemCode.PARAMETER_UNREADABLE.code(),
                        page.t(
                                "没有看懂" + what + "：“" + value + "”。",
                                "The " + what + " cannot be read: “" + value + "”."),
                        page.t(
                                "请填写 -" + most + " 到 " + most + " 之间的数，例如 " + example + "。",
                                "Write a number from -%d to %d, such as %s."
                                        .formatted(most, most, example)),
                        false));
    }

    private void half(Page page, String what) {
        String right = page.t("请把纬度和经度都填上，或都不填。", "Write both latitude and longitude, or neither.");
        troubles.add(new Trouble(ProblemCode.PARAMETER_MISSING.code(), what, right, false));
    }

    private boolean isTyped(String name) {
        return !typed.getOrDefault(name, "").isEmpty();
    }

    private boolean isWithin(String name, int most) {
        return plain(name).matches("-?\\d{1,3}(\\.\\d{1,12})?")
                && number(name).abs().compareTo(BigDecimal.valueOf(most)) <= 0;
    }

    /// A comma is a point to many who type.
    private String plain(String name) {
        return typed.getOrDefault(name, "").replace('，', '.').replace(',', '.');
    }

    private BigDecimal number(String name) {
        return new BigDecimal(plain(name));
    }
}
