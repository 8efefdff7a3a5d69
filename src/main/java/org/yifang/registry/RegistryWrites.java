package org.yifang.registry;

import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Audit;
import org.yifang.fhir.rest.Access;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.IfNoneExist;
import org.yifang.fhir.rest.Operation;
import org.yifang.fhir.rest.Outcomes;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/// FHIR create and update of the registry, by bureau and operator.
///
/// A create of what is there already, as it is already, is that one; of what is there otherwise it
/// is 409: it is changed by an update with `If-Match`.
public final class RegistryWrites {
    private final Database database;
    private final RegistryDesk desk;
    private final Organizations organizations;
    private final Audit audit;

    /// Writes what a resource asks for: the one with an id, or whichever has its number.
    private interface Save<R extends Resource> {
        RegistryDesk.Done run(
                Tx tx, R resource, @Nullable UUID id, @Nullable Long version, Instant now);
    }

    /// Writes a new one unless the identifier is taken, which the unique index decides.
    private interface Register<R extends Resource> {
        RegistryDesk.Done run(Tx tx, R resource, IfNoneExist absent, Instant now);
    }

    public RegistryWrites(
            Database database, RegistryDesk desk, Organizations organizations, Audit audit) {
        this.database = database;
        this.desk = desk;
        this.organizations = organizations;
        this.audit = audit;
    }

    public void mount(FhirRouter fhir) {
        type(
                fhir,
                org.hl7.fhir.r4.model.Organization.class,
                (tx, one, id, version, now) ->
                        desk.save(tx, forms(tx).organization(one), id, version, now),
                (tx, one, absent, now) -> {
                    var draft = forms(tx).organization(one);
                    boolean bureau = draft.kind() == Organization.Kind.BUREAU;
                    absent.requireOf(
                            bureau ? Uscc.SYSTEM : NhsaOrganization.SYSTEM, draft.number());
                    return desk.register(tx, draft, now);
                });
        type(
                fhir,
                org.hl7.fhir.r4.model.Location.class,
                (tx, one, id, version, now) ->
                        desk.save(tx, forms(tx).location(one), id, version, now),
                null);
        type(
                fhir,
                org.hl7.fhir.r4.model.HealthcareService.class,
                (tx, one, id, version, now) -> {
                    UUID place = id == null ? forms(tx).place(one) : id;
                    return desk.save(tx, forms(tx).service(one, place), place, version, now);
                },
                null);
        type(
                fhir,
                org.hl7.fhir.r4.model.Practitioner.class,
                (tx, one, id, version, now) ->
                        desk.save(tx, forms(tx).practitioner(one, find(tx, one)), id, version, now),
                (tx, one, absent, now) -> {
                    absent.requireOf(NhsaStaff.SYSTEM, forms(tx).number(one));
                    return desk.register(tx, forms(tx).practitioner(one, null), now);
                });
        type(
                fhir,
                org.hl7.fhir.r4.model.PractitionerRole.class,
                (tx, one, id, version, now) -> {
                    UUID person = id == null ? forms(tx).person(one) : id;
                    Practitioner known =
                            PractitionerStore.lock(tx, person).orElseThrow(Outcomes::notFound);
                    return desk.save(tx, forms(tx).role(one, known), person, version, now);
                },
                null);
    }

    /// Reads forms that may refer to what this very transaction has written.
    private RegistryForms forms(Tx tx) {
        return new RegistryForms(organizations, tx);
    }

    private @Nullable Practitioner find(Tx tx, org.hl7.fhir.r4.model.Practitioner one) {
        return PractitionerStore.lock(tx, forms(tx).number(one)).orElse(null);
    }

    private <R extends Resource> void type(
            FhirRouter fhir, Class<R> type, Save<R> save, @Nullable Register<R> register) {
        String name = type.getSimpleName();
        Operation create =
                Operation.create(name)
                        .roles(Role.BUREAU, Role.OPERATOR)
                        .handler(exchange -> create(exchange, name, type, save, register));
        fhir.mount(register == null ? create : create.conditional());
        fhir.mount(
                Operation.update(name)
                        .roles(Role.BUREAU, Role.OPERATOR)
                        .patched()
                        .handler(exchange -> update(exchange, name, type, save)));
    }

    private <R extends Resource> Answer create(
            Exchange exchange,
            String name,
            Class<R> type,
            Save<R> save,
            @Nullable Register<R> register) {
        IfNoneExist absent = exchange.ifNoneExist();
        R resource = exchange.resource(type);
        boolean shared = name.equals("HealthcareService") || name.equals("PractitionerRole");
        return written(
                exchange,
                tx -> {
                    var made =
                            absent == null || register == null
                                    ? save.run(tx, resource, null, null, exchange.now())
                                    : register.run(tx, resource, absent, exchange.now());
                    if (!shared && !made.isNew() && made.isChanged()) {
                        throw new Problem(
                                ProblemCode.ALREADY_REGISTERED,
                                "`" + made.was() + "` is registered already, otherwise.",
                                "Update `" + name + "/" + made.id() + "` with `If-Match`.");
                    }
                    audit(tx, exchange, name, made, 'C');
                    return answer(exchange, name, made)
                            .withStatus(made.isChanged() ? 201 : 200)
                            .withLocation(name + "/" + made.id());
                });
    }

    private <R extends Resource> Answer update(
            Exchange exchange, String name, Class<R> type, Save<R> save) {
        UUID id = exchange.id();
        long version = exchange.requiredVersion();
        R resource = exchange.resource(type);
        String stated = resource.getIdElement().getIdPart();
        if (stated != null && !stated.equals(id.toString())) {
            throw new Problem(
                    ProblemCode.NOT_FHIR,
                    "The id of the resource is not that of the address.",
                    "Send `" + id + "`, or no id.");
        }
        return written(
                exchange,
                tx -> {
                    var made = save.run(tx, resource, id, version, exchange.now());
                    if (made.isNew()) {
                        throw Outcomes.notFound();
                    }
                    audit(tx, exchange, name, made, 'U');
                    return answer(exchange, name, made);
                });
    }

    private void audit(Tx tx, Exchange exchange, String name, RegistryDesk.Done done, char act) {
        Caller caller = exchange.caller();
        audit.append(
                tx,
                new Access(
                        caller,
                        caller.address(),
                        caller.requestId(),
                        act == 'C' ? "create" : "update",
                        name,
                        act,
                        null,
                        List.of(),
                        List.of(),
                        List.of(name + "/" + done.id()),
                        done.isChanged() ? done.change() : null,
                        null));
    }

    /// Writes, and makes the answer of what is written, in one transaction.
    private Answer written(Exchange exchange, Function<Tx, Answer> work) {
        Answer answer = database.together(() -> database.inTransaction(work));
        exchange.audited();
        // Whoever wrote it may use it with the very next call.
        database.afterCommit(() -> organizations.refresh().await());
        return answer;
    }

    private Answer answer(Exchange exchange, String name, RegistryDesk.Done done) {
        return Answer.ok(RegistryViews.one(database, name, done.id()))
                .withVersion(done.version(), exchange.now());
    }
}
