use super::*;
use jiff::civil::date;
use proptest::prelude::*;

fn account(area: &str, day: i8) -> Account {
    Account { kind: KindId::named("care_placement").unwrap(), area: area.parse().unwrap(), day: date(2022, 11, day) }
}

fn run(books: &mut Books, command: Command) -> Result<(), Refusal> {
    for entry in books.decide(command)? {
        books.apply(&entry);
    }
    Ok(())
}

#[test]
fn one_reported_day_is_owed_once_however_often_it_is_reported() {
    let mut books = Books::default();
    let open = |units| Command::Open { account: account("500000", 18), units, ground: date(2022, 11, 17) };
    run(&mut books, open(4666)).unwrap();
    run(&mut books, open(4666)).unwrap();
    assert_eq!(books.statement(&account("500000", 18)).opened, 4666);
    run(&mut books, open(4670)).unwrap();
    run(&mut books, open(4660)).unwrap();
    let statement = books.statement(&account("500000", 18));
    assert_eq!((statement.opened, statement.voided, statement.open()), (4670, 10, Some(4660)));
}

#[test]
fn care_never_expires() {
    let mut books = Books::default();
    run(&mut books, Command::Open { account: account("500103", 18), units: 5, ground: date(2022, 11, 17) }).unwrap();
    let refused = run(&mut books, Command::Expire { account: account("500103", 18), units: 5, reason: "late".into() });
    assert_eq!(refused, Err(Refusal::NeverExpires { kind: KindId::named("care_placement").unwrap() }));
}

#[test]
fn nobody_can_be_met_who_is_not_owed() {
    let books = Books::default();
    let refused = books.decide(Command::Meet { account: account("500103", 18), units: 1 }).unwrap_err();
    insta::assert_snapshot!(format!("{refused}\nhint: {}", refused.hint()), @"
    1 cannot be closed in 500103 on 2022-11-18: only 0 are open
    hint: close at most 0, or open the missing ones first
    ");
}

fn command() -> impl Strategy<Value = Command> {
    let place = prop_oneof![Just("500103"), Just("500105"), Just("500112")];
    (place, 1i8..5, 0u64..50, 0u8..7).prop_map(|(area, day, units, what)| {
        let account = account(area, day);
        match what {
            0 | 1 => Command::Open { account, units, ground: date(2022, 11, day) },
            2 => Command::Meet { account, units },
            3 => Command::Waive { account, units, reason: "moot".into(), by: "p1".parse().unwrap() },
            4 => Command::Expire { account, units, reason: "late".into() },
            5 => Command::Transfer { from: account, to: "500108".parse().unwrap(), units },
            _ => Command::CarryOver { day: date(2022, 11, day), reason: "no_transfer_report".into() },
        }
    })
}

proptest! {
    /// Law 2, after any history: in every account what came in equals what went out and what is still open, never
    /// negative; what one day carries out, the next carries in; transfers out equal transfers in.
    #[test]
    fn obligations_are_conserved(commands in prop::collection::vec(command(), 0..120)) {
        let mut books = Books::default();
        for command in commands {
            let _ = run(&mut books, command);
        }
        let (mut out, mut into) = (0, 0);
        for (account, statement) in books.accounts() {
            let open = statement.open();
            prop_assert!(open.is_some(), "{account:?} closed more than it opened: {statement:?}");
            prop_assert_eq!(statement.debit(), statement.credit() + open.unwrap());
            let next = Account { day: account.day.tomorrow().unwrap(), ..account.clone() };
            prop_assert_eq!(statement.carried_out, books.statement(&next).carried_in);
            prop_assert_eq!(statement.expired, 0, "care never expires");
            out += statement.transferred_out;
            into += statement.transferred_in;
        }
        prop_assert_eq!(out, into);
    }
}
