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
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.notify.Events;
import org.yifang.platform.Role;

import java.time.InstantSource;

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
                        registered.organizations(),
                        Diagnoses.of(ground.config().diagnoses()));
        this.front =
                new FrontPage(
                        ground.database(),
                        registered.catalogue(),
                        registered.organizations(),
                        new FrontPage.About(
                                ground.config().demonstration(),
                                ground.config().publicUrl().toString(),
                                App.VERSION),
                        ground.clock());
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
