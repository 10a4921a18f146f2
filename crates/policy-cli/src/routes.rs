//! `portcullis routes`: every entrance with its routes in order, what answers behind each, and where each endpoint lands.

mod shown;
mod smoke;
mod text;

use policy_core::deployment;
use policy_core::source::Sources;
use policy_disk::{DiskTree, GitIgnored};

use crate::arguments::{RoutesArguments, RoutesFormat};
use crate::configuration;
use crate::exit::Failure;
use crate::request::Overrides;
use crate::root::Root;
use crate::workers::Workers;

/// Runs the command and gives what it prints.
pub(crate) fn routes(arguments: &RoutesArguments) -> Result<String, Failure> {
    let root = Root::of(std::slice::from_ref(&arguments.folder), GitIgnored::Skip)?;
    let settings = configuration::settings(&Overrides::default(), &root.folder)?;
    let threads = arguments.threads.unwrap_or_default();
    let workers = Workers::new(threads)?;
    let tree = DiskTree::new(root.folder, GitIgnored::Skip, threads.get());
    let sources = Sources::open(&tree);
    let deployment = workers.run(|| deployment(&sources, &settings))?;
    let entrances = shown::entrances(&deployment, &sources);
    let format = if arguments.json { RoutesFormat::Json } else { arguments.format };
    Ok(match format {
        RoutesFormat::Text => text::text(&entrances),
        RoutesFormat::Json => {
            serde_json::to_string_pretty(&entrances).map(|json| json + "\n").unwrap_or_default()
        }
        RoutesFormat::Curl => smoke::script(&entrances),
    })
}
