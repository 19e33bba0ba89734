//! The certificates that cases name: made here, since some must end at a time from now.

use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};

const DAY_SECONDS: u64 = 24 * 60 * 60;
const YEAR_DAYS: i64 = 365;

/// Names and PEM texts.
static ALL: LazyLock<Vec<(&'static str, String)>> = LazyLock::new(make);

/// Returns the PEM text of a name, `L.cert`.
pub fn pem(name: &str) -> &'static str {
    let found = ALL.iter().find(|(known, _)| *known == name);
    &found
        .unwrap_or_else(|| panic!("{name} is a certificate or a key"))
        .1
}

fn make() -> Vec<(&'static str, String)> {
    let (l_key, r_key, s_key) = (key(), key(), key());
    let (l, r) = (params("L", 20 * YEAR_DAYS), params("R", 20 * YEAR_DAYS));
    let signed = |params: &CertificateParams, key: &KeyPair| {
        params.self_signed(key).expect("a root signs itself").pem()
    };
    let l_cert = signed(&l, &l_key);
    let r_cert = signed(&r, &r_key);
    let by_l = Issuer::from_params(&l, &l_key);
    let cross = r.signed_by(&r_key, &by_l).expect("a root signs another");
    vec![
        ("S.cert", signed(&params("S", 20 * YEAR_DAYS), &s_key)),
        ("LR.cert", format!("{l_cert}{r_cert}")),
        ("Lspace.cert", format!("\n\n{l_cert}\n \n")),
        ("L2.cert", signed(&params("L2", 20 * YEAR_DAYS), &l_key)),
        ("RxL.cert", cross.pem()),
        ("Rshort.cert", signed(&params("R", 364), &r_key)),
        ("Rold.cert", signed(&params("R", -1), &r_key)),
        ("L.cert", l_cert),
        ("R.cert", r_cert),
        ("L.key", l_key.serialize_pem()),
        ("Rshort.key", r_key.serialize_pem()),
        ("Rold.key", r_key.serialize_pem()),
        ("R.key", r_key.serialize_pem()),
        ("S.key", s_key.serialize_pem()),
    ]
}

fn key() -> KeyPair {
    KeyPair::generate().expect("the operating system has randomness")
}

/// Returns what a root says that ends so many days from now.
fn params(name: &str, days: i64) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.use_authority_key_identifier_extension = true;
    params.not_before = from_now(days.min(0) - 1).into();
    params.not_after = from_now(days).into();
    params
}

fn from_now(days: i64) -> SystemTime {
    let distance = Duration::from_secs(days.unsigned_abs() * DAY_SECONDS);
    if days < 0 {
        SystemTime::now() - distance
    } else {
        SystemTime::now() + distance
    }
}
