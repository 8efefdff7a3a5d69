package org.yifang;

import io.vertx.ext.web.Router;

import org.yifang.console.Console;
import org.yifang.console.FrontPage;
import org.yifang.console.account.AccountPage;
import org.yifang.console.account.Guard;
import org.yifang.console.account.SetupPage;
import org.yifang.console.account.SignInPage;
import org.yifang.console.frame.Contract;
import org.yifang.console.hospital.Diagnoses;
import org.yifang.console.screen.BoardPage;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.notify.Events;
import org.yifang.platform.Role;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;

import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;

/// The pages of people: front, sign-in, account and console, and what guards them.
final class PeoplePages {
    private final Guard guard;
    private final AccountPage account;
    private final SignInPage signIn;
    private final Console console;
    private final FrontPage front;
    private final InstantSource clock;

    PeoplePages(
            Ground ground, Registered registered, Callers callers, FhirRouter fhir, Events events) {
        this.clock = ground.clock();
        this.guard = new Guard(callers.people().sessions(), ground.clock());
        this.account =
                new AccountPage(
                        callers.people().passwords(),
                        callers.people().sessions(),
                        registered.organizations(),
                        ground.clock());
        this.signIn = new SignInPage(callers.people(), ground.clock(), ground.isSecure());
        this.console =
                new Console(
                        new Contract(fhir.inside()),
                        ground.clock(),
                        events,
                        callers.identity(),
                        ground.isSecure(),
                        () -> places(registered.organizations()),
                        Diagnoses.of(ground.config().diagnoses()));
        this.front = new FrontPage(() -> state(ground, registered), ground.clock());
    }

    private static List<BoardPage.Place> places(Organizations organizations) {
        return organizations.all().stream()
                .filter(one -> one.kind() != Organization.Kind.BUREAU)
                .sorted(
                        Comparator.comparing(Organization::kind)
                                .thenComparing(Organization::number))
                .map(one -> new BoardPage.Place(one.number(), one.name()))
                .toList();
    }

    private static FrontPage.State state(Ground ground, Registered registered) {
        return new FrontPage.State(
                ground.database().answers().await(),
                ground.config().demonstration(),
                registered.catalogue().entries().size(),
                count(registered.organizations(), Organization.Kind.HOSPITAL),
                count(registered.organizations(), Organization.Kind.PHARMACY),
                ground.config().publicUrl().toString(),
                App.VERSION);
    }

    private static int count(Organizations organizations, Organization.Kind kind) {
        return (int) organizations.all().stream().filter(one -> one.kind() == kind).count();
    }

    Console console() {
        return console;
    }

    void mount(Router router) {
        front.mount(router);
        signIn.mount(router);
        new SetupPage(clock).mount(router);
        guards(router);
        account.mount(router);
        console.mountOpen(router);
        console.mount(router);
    }

    /// What stands before the pages of people; the pages themselves are mounted after it.
    private void guards(Router router) {
        guard.before(router, "/counter", Role.PHARMACY);
        guard.before(router, "/review", Role.REVIEWER);
        guard.before(router, "/swaps", Role.REVIEWER, Role.PHARMACY);
        guard.before(router, "/prescriptions", Role.HOSPITAL);
        guard.before(router, "/bureau", Role.BUREAU);
        guard.before(router, "/auditor", Role.AUDITOR);
        guard.before(router, "/operator", Role.OPERATOR);
        guard.before(router, "/account");
    }

    /// The pages of errors, mounted after every other route.
    void mountErrors(Router router) {
        console.mountErrors(router);
    }
}
