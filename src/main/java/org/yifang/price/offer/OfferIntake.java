package org.yifang.price.offer;

import org.yifang.catalogue.Catalogue;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.platform.problem.ProblemCode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Gathers rows into batches as they are read, and what is to be told of them.
public final class OfferIntake {
    /// Rows told one by one; a file in which more is wrong is wrong as a whole.
    static final int ROWS_TOLD = 10_000;

    private final Catalogue catalogue;
    private final OfferImport offers;
    private final Instant now;
    private final List<OfferRow> batch = new ArrayList<>(OfferImport.BATCH);
    private final List<ToldRow> rows = new ArrayList<>();
    private int accepted;
    private int held;
    private int refused;
    private int repeated;

    /// A row that was not accepted.
    private record ToldRow(int number, ProblemCode code, String reason) {}

    public OfferIntake(Catalogue catalogue, OfferImport offers, Instant now) {
        this.catalogue = catalogue;
        this.offers = offers;
        this.now = now;
    }

    private OfferIntake(OfferIntake other) {
        this(other.catalogue, other.offers, other.now);
        this.batch.addAll(other.batch);
        this.rows.addAll(other.rows);
        this.accepted = other.accepted;
        this.held = other.held;
        this.refused = other.refused;
        this.repeated = other.repeated;
    }

    /// One that has taken what is still waiting for its batch; this stays as it is, since the
    /// transaction around it may run again.
    public OfferIntake withLast() {
        OfferIntake all = new OfferIntake(this);
        all.finish();
        return all;
    }

    /// Takes a row that was read.
    void told(OfferRow.Unchecked told) {
        OfferRow.Reading reading = OfferRow.read(told, catalogue, Offer.PriceType.RETAIL, now);
        OfferRow row = reading.row();
        if (row != null) {
            batch.add(row);
            if (batch.size() == OfferImport.BATCH) {
                finish();
            }
        } else if (reading.refused() != null) {
            refused(reading.refused());
        }
    }

    /// Takes a row that could not be.
    void refused(OfferRow.Refused row) {
        refused++;
        String code = row.code().isEmpty() ? "" : "`" + row.code() + "`: ";
        tell(row.number(), ProblemCode.OFFER_UNFIT, code + row.reason());
    }

    /// Takes what is still waiting for its batch.
    public void finish() {
        if (batch.isEmpty()) {
            return;
        }
        for (OfferImport.Result result : offers.take(List.copyOf(batch), now)) {
            switch (result.outcome()) {
                case ACCEPTED -> accepted++;
                case REPEATED -> repeated++;
                case HELD -> {
                    held++;
                    tell(
                            result.row().number(),
                            ProblemCode.PRICE_HELD,
                            "`%s`: %s"
                                    .formatted(
                                            result.row().drug().code().value(), result.evidence()));
                }
            }
        }
        batch.clear();
    }

    /// The counts in one line.
    public String summary() {
        return "accepted %d, held %d, refused %d, repeated %d"
                .formatted(accepted, held, refused, repeated);
    }

    /// Counts, and every row that was not accepted, as Parameters.
    public byte[] report() {
        return FhirWriter.parameters(all -> {
            all.integer("accepted", accepted)
                    .integer("held", held)
                    .integer("refused", refused)
                    .integer("repeated", repeated);
            for (ToldRow row : rows) {
                all.group(
                        "row",
                        parts ->
                                parts.integer("number", row.number())
                                        .code("code", row.code().code())
                                        .string("reason", row.reason()));
            }
        });
    }

    private void tell(int number, ProblemCode code, String reason) {
        if (rows.size() < ROWS_TOLD) {
            rows.add(new ToldRow(number, code, reason));
        }
    }
}
