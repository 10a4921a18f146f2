//! Which resources and data sources are evaluated: those that somebody reads. The others are evaluated where something
//! refers to them.

use super::world::Resource;
use crate::parse::syntax::Block;

/// The resources and data sources that somebody reads.
#[derive(Clone, Debug)]
pub enum Selection {
    /// All that there are.
    All,
    /// Those that fit one of these lists.
    Of {
        /// Types: `aws_lb_listener`.
        kinds: Vec<&'static str>,
        /// Arguments that are read whatever the type: `user_data`.
        arguments: Vec<&'static str>,
        /// Nested blocks that are read whatever the type: `provisioner`.
        blocks: Vec<&'static str>,
        /// Types beside which the outputs of a root module are read too: what an output gives away, others may use.
        outputs_beside: Vec<&'static str>,
    },
}

impl Selection {
    /// Whether a resource or data source is among them.
    pub(super) fn holds(&self, block: &Block) -> bool {
        match self {
            Self::All => true,
            Self::Of { kinds, arguments, blocks, .. } => {
                block.labels.first().is_some_and(|kind| kinds.contains(&&**kind))
                    || arguments
                        .iter()
                        .any(|name| block.may_hold(name) && block.body().attribute(name).is_some())
                    || blocks
                        .iter()
                        .any(|kind| block.may_hold(kind) && block.body().blocks_of(kind).next().is_some())
            }
        }
    }

    /// Whether the outputs of the root module that has these resources are read.
    pub(super) fn asks_for_outputs(&self, resources: &[Resource]) -> bool {
        match self {
            Self::All => true,
            Self::Of { outputs_beside, .. } => {
                resources.iter().any(|resource| outputs_beside.contains(&&*resource.kind))
            }
        }
    }
}
