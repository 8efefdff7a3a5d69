package org.yifang.prescription.counter;

import org.yifang.audit.event.Audit;
import org.yifang.fhir.rest.Access;
import org.yifang.platform.Caller;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Tx;
import org.yifang.prescription.counter.ResaleStore.EarlierSale;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Reports the suspicion that a drug is sold again (回流药): somebody wanted to sell a pack whose
/// trace code was sold before. Each is an audit event of its own kind, `resale-suspicion`, that
/// names the pack, who sold it, and who wanted to; the refused call stands beside it, with its
/// Task.
public final class Resales {
    static final String KIND = "resale-suspicion";

    private final Uuid7 ids;
    private final Organizations organizations;
    private final Audit audit;

    public Resales(Uuid7 ids, Organizations organizations, Audit audit) {
        this.ids = ids;
        this.organizations = organizations;
        this.audit = audit;
    }

    /// Records attempts to sell these packs a second time; travels with the commit of the refusal.
    void report(Tx tx, Caller caller, UUID task, List<String> codes, Instant now) {
        if (codes.isEmpty()) {
            return;
        }
        ResaleStore.suspect(
                tx,
                codes.stream()
                        .map(code ->
                                new ResaleStore.Suspicion(
                                        ids.get(), code, caller.organizationId(), task, now))
                        .toList());
        List<String> told = codes.subList(0, Math.min(codes.size(), ResaleStore.REPORTED_MOST));
        Map<String, List<EarlierSale>> sales = ResaleStore.sales(tx, told);
        for (String code : told) {
            audit.append(tx, event(caller, code, sales.getOrDefault(code, List.of())));
        }
    }

    /// Names no patient and no Task: it is about the pack, and the patients of the two sales have
    /// nothing to do with each other. The request id leads to the refused call.
    private Access event(Caller caller, String code, List<EarlierSale> sales) {
        List<String> entities = new ArrayList<>();
        StringBuilder text =
                new StringBuilder("trace-code ")
                        .append(code)
                        .append(" refused to ")
                        .append(caller.organization());
        entities.add("Organization/" + caller.organizationId());
        for (EarlierSale sale : sales) {
            String seller =
                    organizations.byId(sale.pharmacy()).map(Organization::number).orElse("");
            text.append("; sold by ").append(seller).append(" at ").append(sale.at());
            entities.add("Organization/" + sale.pharmacy());
            entities.add("MedicationDispense/" + sale.dispense());
        }
        if (sales.isEmpty()) {
            text.append("; in one call with its first sale");
        }
        return new Access(
                caller,
                caller.address(),
                caller.requestId(),
                "operation",
                KIND,
                'C',
                null,
                List.of(),
                List.of(),
                entities,
                text.toString(),
                null);
    }
}
