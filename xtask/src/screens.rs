//! `cargo xtask screens`: prints briefs to A4 with Chromium, and pictures each sheet as PNG.
//!
//! A brief is judged on paper as well as on a screen; this shows the paper. A page prints in the language that it shows first:
//! `levee brief CITY --date D --lang zh --out FILE` writes the other.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::Answer;
use crate::run::{Call, on_path};

/// What `cargo xtask screens` is asked.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Briefs (HTML files); without any, those in levee-demo/briefs
    #[arg(value_name = "HTML")]
    briefs: Vec<PathBuf>,
    /// Folder for PDF and PNG
    #[arg(long, value_name = "DIR", default_value = "target/screens")]
    out: PathBuf,
    /// Sharpness of the pictures, in dots per inch
    #[arg(long, value_name = "DPI", default_value_t = 110)]
    dpi: u16,
}

/// Writes NAME.pdf and NAME-1.png, NAME-2.png … for each brief.
pub fn screens(root: &Path, args: &Args) -> Result<Answer> {
    for (program, package) in [("chromium", "chromium"), ("pdftoppm", "poppler-utils")] {
        ensure!(
            on_path(program),
            "`{program}` is not here; install the system package {package}, or run `cargo verify` once"
        );
    }
    let out = root.join(&args.out);
    fs::create_dir_all(&out).with_context(|| format!("could not make {}", out.display()))?;
    let briefs = if args.briefs.is_empty() { of_the_demo(root)? } else { args.briefs.clone() };
    let mut held = true;
    for brief in &briefs {
        let page = root.join(brief).canonicalize().with_context(|| format!("there is no {}", brief.display()))?;
        let name = page.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let picture = out.join(name).to_string_lossy().into_owned();
        let pdf = format!("{picture}.pdf");
        let address = format!("file://{}", page.display());
        for call in [print(&pdf, &address), picture_sheets(args.dpi, &pdf, &picture)] {
            println!("   {call}");
            held &= call.holds(root)?;
        }
        held &= Path::new(&pdf).is_file();
    }
    println!("{} brief(s) printed to {}", briefs.len(), out.display());
    Ok(if held { Answer::Yes } else { Answer::No })
}

fn print(pdf: &str, address: &str) -> Call {
    // In a container there is neither a sandbox nor a shared-memory folder of a useful size; the page is our own file.
    let flags =
        ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-pdf-header-footer"];
    Call::new("chromium", &flags).arg(format!("--print-to-pdf={pdf}")).arg(address)
}

fn picture_sheets(dpi: u16, pdf: &str, picture: &str) -> Call {
    Call::new("pdftoppm", &["-png", "-r", &dpi.to_string(), pdf, picture])
}

fn of_the_demo(root: &Path) -> Result<Vec<PathBuf>> {
    let folder = root.join("levee-demo/briefs");
    let entries = fs::read_dir(&folder).with_context(|| format!("no {}; run `cargo demo` first", folder.display()))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "html") {
            found.push(path);
        }
    }
    found.sort();
    if found.is_empty() {
        bail!("no brief in {}; run `cargo demo` first", folder.display());
    }
    Ok(found)
}
