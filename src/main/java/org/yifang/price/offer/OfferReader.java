package org.yifang.price.offer;

import io.vertx.core.buffer.Buffer;

import org.hl7.fhir.r4.model.ChargeItemDefinition;
import org.hl7.fhir.r4.model.Parameters;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Bodies;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.json.StrictJson;
import org.yifang.platform.Csv;
import org.yifang.platform.Limits;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/// Reads offers out of a body as it arrives: CSV, NDJSON or Parameters.
public abstract class OfferReader {
    private static final List<String> COLUMNS =
            List.of(
                    "code",
                    "price_yuan",
                    "pack_quantity",
                    "pack_unit",
                    "stock",
                    "price_type",
                    "observed_at");
    private static final List<String> NEEDED = COLUMNS.subList(0, 4);

    public abstract void piece(Buffer piece);

    public abstract void end();

    /// The reader for a media type.
    ///
    /// @throws Problem `RX-1015` for a media type or a charset that is not read here
    public static OfferReader of(String mediaType, String seller, OfferIntake intake) {
        String type = mediaType.split(";", 2)[0].strip();
        return switch (type) {
            case "text/csv" -> new CsvRows(charset(mediaType), intake);
            case "application/x-ndjson", "application/ndjson", "application/fhir+ndjson" ->
                    new JsonLines(seller, intake);
            case "application/fhir+json", "application/json" ->
                    new Whole(Fhir.Format.JSON, seller, intake);
            case "application/fhir+xml" -> new Whole(Fhir.Format.XML, seller, intake);
            default ->
                    throw new Problem(
                            ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                            "Offers are not read from `" + type + "`.",
                            "Send text/csv, application/x-ndjson or application/fhir+json.");
        };
    }

    private static Charset charset(String mediaType) {
        for (String parameter : mediaType.split(";", -1)) {
            String[] pair = parameter.strip().split("=", 2);
            if (pair.length == 2 && pair[0].equalsIgnoreCase("charset")) {
                String name = pair[1].replace("\"", "").strip().toUpperCase(Locale.ROOT);
                return switch (name) {
                    case "UTF-8", "UTF8" -> StandardCharsets.UTF_8;
                    // GB2312 and GBK are parts of it.
                    case "GB18030", "GBK", "GB2312" -> Charset.forName("GB18030");
                    default ->
                            throw new Problem(
                                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                                    "The charset `" + name + "` is not read here.",
                                    "Send UTF-8 or GB18030.");
                };
            }
        }
        return StandardCharsets.UTF_8;
    }

    private static final class CsvRows extends OfferReader {
        private final OfferText text;
        private final OfferIntake intake;
        private int @Nullable [] places;
        private int number;

        CsvRows(Charset charset, OfferIntake intake) {
            this.intake = intake;
            this.text = new OfferText(charset, true, this::record);
        }

        @Override
        public void piece(Buffer piece) {
            text.piece(piece);
        }

        @Override
        public void end() {
            text.end();
            if (places == null) {
                throw badHeader("The file is empty.");
            }
        }

        private void record(String record) {
            List<Csv.Row> rows =
                    Csv.read(record.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
            if (rows.isEmpty()) {
                return;
            }
            List<String> fields = rows.getFirst().fields();
            if (places == null) {
                places = places(fields);
                return;
            }
            number++;
            Optional<String> unfit = rows.getFirst().unfit();
            if (unfit.isPresent()) {
                intake.refused(new OfferRow.Refused(number, "", unfit.get()));
                return;
            }
            if (fields.size() > COLUMNS.size()) {
                intake.refused(
                        new OfferRow.Refused(
                                number,
                                field(fields, 0),
                                "The row has %d fields, the header has fewer."
                                        .formatted(fields.size())));
                return;
            }
            intake.told(
                    new OfferRow.Unchecked(
                            number,
                            field(fields, 0),
                            field(fields, 1),
                            field(fields, 2),
                            field(fields, 3),
                            field(fields, 4),
                            field(fields, 5),
                            field(fields, 6),
                            null,
                            Offer.Basis.UNKNOWN));
        }

        private String field(List<String> fields, int column) {
            int place = places == null ? -1 : places[column];
            return place < 0 || place >= fields.size() ? "" : fields.get(place).strip();
        }

        private static int[] places(List<String> header) {
            List<String> names =
                    header.stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
            for (String name : names) {
                if (!COLUMNS.contains(name)) {
                    throw badHeader("The column `" + name + "` is unknown.");
                }
            }
            for (String needed : NEEDED) {
                if (!names.contains(needed)) {
                    throw badHeader("The column `" + needed + "` is missing.");
                }
            }
            return COLUMNS.stream().mapToInt(names::indexOf).toArray();
        }

        private static Problem badHeader(String what) {
            return new Problem(
                    ProblemCode.UNREADABLE, what, "The header is " + String.join(",", COLUMNS));
        }
    }

    /// One ChargeItemDefinition a line.
    private static final class JsonLines extends OfferReader {
        private final OfferText text;
        private final OfferIntake intake;
        private final String seller;
        private int number;

        JsonLines(String seller, OfferIntake intake) {
            this.seller = seller;
            this.intake = intake;
            this.text = new OfferText(StandardCharsets.UTF_8, false, this::record);
        }

        @Override
        public void piece(Buffer piece) {
            text.piece(piece);
        }

        @Override
        public void end() {
            text.end();
        }

        private void record(String line) {
            if (line.isBlank()) {
                return;
            }
            number++;
            try {
                StrictJson.check(line.getBytes(StandardCharsets.UTF_8));
                ChargeItemDefinition offer =
                        Fhir.parse(
                                ChargeItemDefinition.class,
                                line.getBytes(StandardCharsets.UTF_8),
                                Fhir.Format.JSON);
                intake.told(OfferFhir.told(offer, number, seller));
            } catch (Problem problem) {
                intake.refused(
                        new OfferRow.Refused(number, "", problem.findings().getFirst().detail()));
            }
        }
    }

    /// A Parameters resource, read as a whole and so no larger than any other body.
    private static final class Whole extends OfferReader {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Fhir.Format format;
        private final Consumer<ChargeItemDefinition> each;
        private int number;

        Whole(Fhir.Format format, String seller, OfferIntake intake) {
            this.format = format;
            this.each = offer -> intake.told(OfferFhir.told(offer, ++number, seller));
        }

        @Override
        public void piece(Buffer piece) {
            if (bytes.size() + piece.length() > Limits.BODY_BYTES) {
                throw new Problem(
                        ProblemCode.TOO_LARGE,
                        "Parameters of more than " + Limits.BODY_BYTES + " bytes are not read.",
                        "Send a file of this size as text/csv or application/x-ndjson.");
            }
            bytes.writeBytes(piece.getBytes());
        }

        @Override
        public void end() {
            List<ChargeItemDefinition> offers = new ArrayList<>();
            Parameters parameters = Bodies.parse(bytes.toByteArray(), format, Parameters.class);
            for (var parameter : parameters.getParameter()) {
                if (!(parameter.getResource() instanceof ChargeItemDefinition offer)) {
                    throw new Problem(
                            ProblemCode.PARAMETER_UNREADABLE,
                            "The parameter `" + parameter.getName() + "` is no offer.",
                            "Send each offer as a resource of type ChargeItemDefinition.");
                }
                offers.add(offer);
            }
            offers.forEach(each);
        }
    }
}
