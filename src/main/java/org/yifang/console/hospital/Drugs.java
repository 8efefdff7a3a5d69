package org.yifang.console.hospital;

import com.fasterxml.jackson.databind.JsonNode;

import org.yifang.console.frame.Contract;
import org.yifang.console.frame.Read;
import org.yifang.platform.Caller;

import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The catalogue as one types it: by name, by the initials of its pinyin, by code.
final class Drugs {
    /// A change of the catalogue is seen within that time.
    private static final Duration KEPT = Duration.ofMinutes(5);

    private static final int PAGE = 200;
    private static final int PAGES_MOST = 100;
    private static final Pattern AMOUNT = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([^\\d\\s×/]*).*");

    /// Where each initial begins among the 3,755 characters that GB 2312 sorts by pinyin.
    private static final int[] STARTS = {
        45217, 45253, 45761, 46318, 46826, 47010, 47297, 47614, 48119, 49062, 49324, 49896, 50371,
        50614, 50622, 50906, 51387, 51446, 52218, 52698, 52980, 53689, 54481
    };

    private static final String INITIALS = "abcdefghjklmnopqrstwxyz";
    private static final int LAST = 55290;

    /// One product.
    ///
    /// @param strength of one preparation unit, null when its text holds no amount
    record Product(
            String code,
            String name,
            String maker,
            String unit,
            String kind,
            String initials,
            @org.jspecify.annotations.Nullable BigDecimal strength,
            String strengthUnit) {}

    private final Contract contract;
    private volatile List<Product> all = List.of();
    private volatile Instant read = Instant.EPOCH;

    Drugs(Contract contract) {
        this.contract = contract;
    }

    /// The best fits of what was typed, at most `most`.
    List<Product> find(Caller caller, String typed, Instant now, int most) {
        String wanted = typed.strip().toLowerCase(Locale.ROOT);
        if (wanted.isEmpty()) {
            return List.of();
        }
        List<Product> first = new ArrayList<>();
        List<Product> second = new ArrayList<>();
        for (Product one : all(caller, now)) {
            String name = one.name().toLowerCase(Locale.ROOT);
            if (one.code().toLowerCase(Locale.ROOT).equals(wanted) || name.equals(wanted)) {
                first.addFirst(one);
            } else if (name.startsWith(wanted) || one.initials().startsWith(wanted)) {
                first.add(one);
            } else if (name.contains(wanted)
                    || (wanted.length() > 2 && one.initials().contains(wanted))) {
                second.add(one);
            }
        }
        first.addAll(second);
        return first.subList(0, Math.min(most, first.size()));
    }

    Optional<Product> byCode(Caller caller, String code, Instant now) {
        return all(caller, now).stream().filter(one -> one.code().equals(code)).findFirst();
    }

    private List<Product> all(Caller caller, Instant now) {
        if (read.plus(KEPT).isAfter(now)) {
            return all;
        }
        List<Product> fresh = new ArrayList<>();
        String next = "/Medication?_count=" + PAGE;
        for (int page = 0; page < PAGES_MOST && !next.isEmpty(); page++) {
            Contract.Reply reply = contract.get(caller, next);
            reply.entries().forEach(one -> fresh.add(product(one)));
            next = next(reply.json());
        }
        all = List.copyOf(fresh);
        read = now;
        return all;
    }

    private static String next(JsonNode bundle) {
        for (JsonNode link : bundle.path("link")) {
            if (link.path("relation").asText().equals("next")) {
                String url = link.path("url").asText();
                return url.substring(url.indexOf("/fhir/") + 5);
            }
        }
        return "";
    }

    private static Product product(JsonNode medication) {
        String name = medication.at("/code/coding/0/display").asText();
        Matcher strength =
                AMOUNT.matcher(Read.extension(medication, "strength").path("valueString").asText());
        boolean known = strength.matches();
        return new Product(
                medication.path("id").asText(),
                name,
                medication.at("/manufacturer/display").asText(),
                medication.at("/amount/numerator/unit").asText(),
                Read.extension(medication, "drug-kind").path("valueCode").asText("western"),
                initials(name),
                known ? new BigDecimal(strength.group(1)) : null,
                known ? strength.group(2) : "");
    }

    /// The initials of the characters that GB 2312 sorts by pinyin; others are passed over.
    static String initials(String name) {
        StringBuilder initials = new StringBuilder();
        Charset gb = Charset.forName("GB2312");
        for (int at = 0; at < name.length(); at++) {
            byte[] bytes = name.substring(at, at + 1).getBytes(gb);
            int code = bytes.length == 2 ? (bytes[0] & 255) * 256 + (bytes[1] & 255) : 0;
            for (int i = STARTS.length - 1; i >= 0 && code <= LAST; i--) {
                if (code >= STARTS[i]) {
                    initials.append(INITIALS.charAt(i));
                    break;
                }
            }
        }
        return initials.toString();
    }
}
