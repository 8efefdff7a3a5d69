package org.yifang.admin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;
import org.yifang.admin.RegistryImport.Line;
import org.yifang.admin.RegistryImport.Shown;
import org.yifang.admin.RegistryImport.Taken;
import org.yifang.audit.event.Audit;
import org.yifang.identity.client.Client;
import org.yifang.identity.person.Account;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem;
import org.yifang.registry.NhsaOrganization;
import org.yifang.registry.NhsaStaff;
import org.yifang.registry.OpeningHours;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;
import org.yifang.registry.Place;
import org.yifang.registry.Practitioner;
import org.yifang.registry.RegistryDesk;
import org.yifang.registry.Uscc;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/// Takes each kind of row of an import.
final class ImportedRows {
    private static final Pattern HOURS = Pattern.compile("\\d{2}:\\d{2}-\\d{2}:\\d{2}(,.*)?");

    private final Database database;
    private final Organizations organizations;
    private final RegistryDesk registry;
    private final ClientDesk clients;
    private final PeopleDesk people;
    private final Audit audit;
    private final InstantSource clock;

    ImportedRows(
            Database database,
            Organizations organizations,
            RegistryDesk registry,
            ClientDesk clients,
            PeopleDesk people,
            Audit audit,
            InstantSource clock) {
        this.database = database;
        this.organizations = organizations;
        this.registry = registry;
        this.clients = clients;
        this.people = people;
        this.audit = audit;
        this.clock = clock;
    }

    Taken organization(Administrator who, Line line) {
        Organization.Kind kind = kind(line);
        String number = line.get("number");
        (kind == Organization.Kind.BUREAU ? Uscc.fault(number) : NhsaOrganization.fault(number))
                .ifPresent(fault -> {
                    throw Line.unfit("number", fault);
                });
        if ((kind == Organization.Kind.PHARMACY) != number.startsWith("P")
                && kind != Organization.Kind.BUREAU) {
            throw Line.unfit("number", "A hospital's number begins with H, a pharmacy's with P.");
        }
        String uscc = line.find("uscc");
        if (uscc != null) {
            Uscc.fault(uscc)
                    .ifPresent(fault -> {
                        throw Line.unfit("uscc", fault);
                    });
        }
        var draft =
                new RegistryDesk.OrganizationDraft(
                        number,
                        kind,
                        line.get("name"),
                        kind == Organization.Kind.BUREAU && uscc == null ? number : uscc,
                        partOf(kind, line.find("part_of")),
                        organizations.byNumber(number).map(Organization::phone).orElse(null));
        Instant now = clock.instant();
        Taken taken = database.inTransaction(tx -> saveOrganization(tx, who, line, draft, now));
        // The next rows, and clients, may name it.
        organizations.refresh().await();
        return taken;
    }

    private Taken saveOrganization(
            Tx tx,
            Administrator who,
            Line line,
            RegistryDesk.OrganizationDraft draft,
            Instant now) {
        RegistryDesk.Done done = registry.save(tx, draft, null, null, now);
        noted(tx, who, "Organization", done);
        boolean changed = done.isChanged();
        if (line.find("address") != null || line.find("latitude") != null) {
            RegistryDesk.Done place =
                    registry.save(
                            tx,
                            new RegistryDesk.LocationDraft(
                                    done.id(),
                                    draft.name(),
                                    line.get("address"),
                                    new Place(number(line, "latitude"), number(line, "longitude")),
                                    hours(line)),
                            null,
                            null,
                            now);
            noted(tx, who, "Location", place);
            changed |= place.isChanged();
        }
        return done.isNew() ? Taken.ACCEPTED : changed ? Taken.CHANGED : Taken.REPEATED;
    }

    private void noted(Tx tx, Administrator who, String type, RegistryDesk.Done done) {
        if (done.isChanged()) {
            audit.append(
                    tx,
                    who.access(
                            "import",
                            done.isNew() ? 'C' : 'U',
                            type + "/" + done.id(),
                            done.change()));
        }
    }

    private static Organization.Kind kind(Line line) {
        try {
            return Organization.Kind.of(line.get("kind"));
        } catch (IllegalArgumentException unknown) {
            throw Line.unfit("kind", "`kind` is none of hospital, pharmacy, bureau.");
        }
    }

    private @Nullable UUID partOf(Organization.Kind kind, @Nullable String number) {
        if (number == null) {
            return null;
        }
        Optional<Organization> hospital =
                organizations
                        .byNumber(number)
                        .filter(one -> one.kind() == Organization.Kind.HOSPITAL);
        if (kind != Organization.Kind.PHARMACY || hospital.isEmpty()) {
            throw Line.unfit(
                    "part_of",
                    "`%s` is no registered hospital, or what belongs to it is no pharmacy."
                            .formatted(number));
        }
        return hospital.get().id();
    }

    private static double number(Line line, String column) {
        try {
            double value = Double.parseDouble(line.get(column));
            var _ = column.equals("latitude") ? new Place(value, 0) : new Place(0, value);
            return value;
        } catch (IllegalArgumentException unreadable) {
            throw Line.unfit(column, "`" + column + "` is no degree on the globe.");
        }
    }

    /// `08:00-21:00` is every day; the longer form of the registry is taken, too.
    private static OpeningHours hours(Line line) {
        String text = Optional.ofNullable(line.find("hours")).orElse("24/7");
        try {
            return OpeningHours.parse(HOURS.matcher(text).matches() ? "Mo-Su " + text : text);
        } catch (IllegalArgumentException unfit) {
            throw Line.unfit("hours", String.valueOf(unfit.getMessage()));
        }
    }

    Taken practitioner(Administrator who, Line line) {
        String number = line.get("number");
        NhsaStaff.fault(number)
                .ifPresent(fault -> {
                    throw Line.unfit("number", fault);
                });
        Practitioner.Profession profession;
        try {
            profession = Practitioner.Profession.of(line.get("profession"));
        } catch (IllegalArgumentException unknown) {
            throw Line.unfit("profession", "`profession` is none of physician, pharmacist, other.");
        }
        String organization = line.find("organization");
        UUID at =
                organization == null
                        ? null
                        : organizations
                                .byNumber(organization)
                                .map(Organization::id)
                                .orElseThrow(() ->
                                        Line.unfit(
                                                "organization",
                                                "`%s` is no registered organization."
                                                        .formatted(organization)));
        var draft =
                new RegistryDesk.PractitionerDraft(
                        number, line.get("name"), profession, line.find("title"), at);
        Instant now = clock.instant();
        return database.inTransaction(tx -> {
            RegistryDesk.Done done = registry.save(tx, draft, null, null, now);
            noted(tx, who, "Practitioner", done);
            return done.isNew()
                    ? Taken.ACCEPTED
                    : done.isChanged() ? Taken.CHANGED : Taken.REPEATED;
        });
    }

    Taken client(Administrator who, Line line) {
        String id = line.get("id");
        String url = line.find("jwks_url");
        boolean secret = flag(line, "secret");
        Optional<Client> known = clients.clients().find(id);
        if (known.isPresent()) {
            return again(who, line, known.get(), url);
        }
        JsonObject json = new JsonObject().put("id", id).put("role", line.get("role"));
        put(json, "organization", line.find("organization"));
        put(json, "jwksUrl", url);
        if (line.find("reviews_for") != null) {
            json.put("reviewsFor", words(line.get("reviews_for")));
        }
        if (secret) {
            json.put("secret", true);
        }
        var made = clients.create(who, body(json, ClientDesk.CREATE));
        return new Taken(
                "accepted", made.secret() == null ? null : new Shown("secret", made.secret()));
    }

    /// What is there already is changed where an import may; role and organization stay.
    private Taken again(Administrator who, Line line, Client known, @Nullable String url) {
        boolean same =
                known.role().code().equals(line.get("role"))
                        && (line.find("organization") == null
                                || known.organization().equals(line.find("organization")));
        if (!same) {
            throw Line.unfit(
                    "id",
                    "`%s` is registered with another role or organization.".formatted(known.id()));
        }
        JsonObject json = new JsonObject();
        if (url != null) {
            json.put("jwksUrl", url);
        }
        if (line.find("reviews_for") != null) {
            json.put("reviewsFor", words(line.get("reviews_for")));
        }
        Client changed = clients.change(who, known.id(), body(json, ClientDesk.CHANGE), null);
        return changed.version() == known.version() ? Taken.REPEATED : Taken.CHANGED;
    }

    Taken person(Administrator who, Line line) {
        String login = line.get("login");
        boolean manager = flag(line, "manager");
        Optional<Account> known = people.accounts().find(login);
        JsonObject json = new JsonObject().put("name", line.get("name"));
        put(json, "staff", line.find("staff"));
        if (line.find("manager") != null) {
            json.put("manager", manager);
        }
        if (known.isPresent()) {
            Account was = known.get();
            boolean same =
                    was.role().code().equals(line.get("role"))
                            && (line.find("organization") == null
                                    || Objects.equals(
                                            was.organization(), line.find("organization")));
            if (!same) {
                throw Line.unfit(
                        "login",
                        "`%s` is registered with another role or organization.".formatted(login));
            }
            Account is = people.change(who, login, body(json, PeopleDesk.CHANGE), null);
            return is.version() == was.version() ? Taken.REPEATED : Taken.CHANGED;
        }
        json.put("login", login).put("role", line.get("role"));
        put(json, "organization", line.find("organization"));
        var made = people.create(who, body(json, PeopleDesk.CREATE));
        return new Taken("accepted", new Shown("password", made.password()));
    }

    private static boolean flag(Line line, String column) {
        return switch (Optional.ofNullable(line.find(column)).orElse("false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw Line.unfit(column, "`" + column + "` is neither true nor false.");
        };
    }

    private static JsonArray words(String text) {
        return new JsonArray(List.of(text.split("[\\s;|]+", -1)));
    }

    private static void put(JsonObject json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    /// @throws Problem with what is wrong in it
    private static Body body(JsonObject json, Set<String> known) {
        return Body.of(json.encode().getBytes(StandardCharsets.UTF_8), known);
    }
}
