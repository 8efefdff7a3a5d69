package org.yifang;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.catalogue.Catalogue;
import org.yifang.identity.client.ClientStore;
import org.yifang.identity.client.DemonstrationClients;
import org.yifang.identity.person.AccountStore;
import org.yifang.identity.person.DemonstrationPeople;
import org.yifang.platform.Uuid7;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.Database;
import org.yifang.price.Prices;
import org.yifang.queue.Queues;
import org.yifang.queue.history.DemonstrationTickets;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;
import org.yifang.registry.Practitioners;
import org.yifang.registry.RegistryFile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// The demonstration: registry, catalogue and clients that everybody knows.
final class Demonstration {
    private static final int PAST_ATTEMPTS = 5;
    private static final Duration PAST_PAUSE = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(Demonstration.class);
    static final String BUREAU = "11421281000000019W";

    static void loadRegistry(Config config, Database database, Uuid7 ids, Instant now) {
        if (config.demonstration()) {
            RegistryFile.parse(resource("demonstration/registry.json"))
                    .load(database, ids, config.region(), now);
        }
    }

    static void load(
            Config config,
            Database database,
            Catalogue catalogue,
            Organizations organizations,
            Instant now) {
        if (!config.demonstration()) {
            tellOfLeftovers(database);
            return;
        }
        var imported =
                catalogue.importFile(resource("demonstration/catalogue.csv"), "demonstration", now);
        LOG.info("demonstration catalogue: {} drugs changed", imported.changed());
        organizations.refresh().await();
        DemonstrationClients.seed(
                new ClientStore(database),
                number ->
                        organizations
                                .byNumber(number)
                                .map(Organization::id)
                                .orElseThrow(() -> new IllegalStateException(number)),
                BUREAU,
                config.region(),
                now);
        people(config, database, organizations, now);
    }

    /// A database that served the demonstration once still has those whose secrets everybody knows.
    private static void tellOfLeftovers(Database database) {
        int clients = new ClientStore(database).demonstration();
        int people = new AccountStore(database).demonstration();
        if (clients + people > 0) {
            LOG.warn(
                    "{} clients and {} people of the demonstration are in the database; they are"
                            + " refused as long as YIFANG_DEMONSTRATION is false",
                    clients,
                    people);
        }
    }

    private static void people(
            Config config, Database database, Organizations organizations, Instant now) {
        Practitioners staff = new Practitioners(database, new Uuid7(() -> now));
        DemonstrationPeople.seed(
                database,
                number -> organizations.byNumber(number).orElseThrow().id(),
                number ->
                        staff.byNumber(number)
                                .map(one ->
                                        new DemonstrationPeople.Colleague(one.number(), one.name()))
                                .orElse(null),
                BUREAU,
                config.region(),
                now);
    }

    /// Sales and tickets of two years, each with its plan and its verdict. Waits, and tries again:
    /// a busy machine may let a statement run into its time limit.
    static void makeUpPast(Prices prices, Queues queues, Organizations organizations) {
        try {
            for (int attempt = 1; !madeUp(prices, queues, organizations, attempt); attempt++) {
                Thread.sleep(PAST_PAUSE.multipliedBy(attempt));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return whether there is no more to be done
    private static boolean madeUp(
            Prices prices, Queues queues, Organizations organizations, int attempt) {
        try {
            prices.makeUpPast(BUREAU);
            queues.makeUpPast(sites(organizations), BUREAU);
            LOG.info("the demonstration has a made-up past and the verdict on two plans");
            return true;
        } catch (Exception failure) {
            // The service may have been stopped meanwhile; the next start tries again, too.
            if (attempt == PAST_ATTEMPTS) {
                LOG.warn("the demonstration has no past", failure);
                return true;
            }
            LOG.info("the demonstration has no past yet: {}", failure.toString());
            return false;
        }
    }

    /// Where people stand in line in the made-up past.
    private static List<DemonstrationTickets.Site> sites(Organizations organizations) {
        return organizations.all().stream()
                .filter(one ->
                        one.kind() == Organization.Kind.HOSPITAL
                                || one.kind() == Organization.Kind.PHARMACY)
                .map(one ->
                        new DemonstrationTickets.Site(
                                one.id(), one.number(), one.kind() == Organization.Kind.HOSPITAL))
                .toList();
    }

    private static byte[] resource(String name) {
        try (InputStream in = Demonstration.class.getClassLoader().getResourceAsStream(name)) {
            return java.util.Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Demonstration() {}
}
