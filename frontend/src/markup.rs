//! The page's `html!`: reads as yew's does and makes yew's nodes, by a list of small calls instead of a large expression
//! for every element, which the shell's size needs.
//!
//! What yew's does more is left out: components (`Bitmap` is made by a function), keys and fragments with attributes. A
//! condition or a loop is one child however many elements it has, so that what stands after it stays the same element.

use yew::virtual_dom::{Listener, ListenerKind, VList, VTag, VText};
use yew::{AttrValue, Callback, Html, NodeRef};

/// Markup under construction.
pub struct Markup {
    /// The elements that are not closed yet, the outermost first.
    open: Vec<Open>,
}

#[derive(Default)]
struct Open {
    /// None for a group of children without an element around them.
    tag: Option<VTag>,
    children: Vec<Html>,
}

impl Markup {
    /// Nothing yet.
    pub fn new() -> Self {
        Self { open: vec![Open::default()] }
    }

    /// Begins an element.
    pub fn open(&mut self, tag: &'static str) {
        self.open.push(Open { tag: Some(VTag::new(tag)), children: Vec::new() });
    }

    /// Begins a group.
    pub fn group(&mut self) {
        self.open.push(Open::default());
    }

    /// Ends the innermost element or group.
    pub fn close(&mut self) {
        if let Some(Open { tag, children }) = self.open.pop() {
            self.push(match tag {
                Some(mut tag) => {
                    tag.add_children(children);
                    tag.into()
                }
                None => VList::with_children(children, None).into(),
            });
        }
    }

    /// The markup.
    pub fn finish(mut self) -> Html {
        let mut children = self.open.pop().map(|root| root.children).unwrap_or_default();
        match children.pop() {
            Some(only) if children.is_empty() => only,
            last => {
                children.extend(last);
                VList::with_children(children, None).into()
            }
        }
    }

    /// Gives the innermost element an attribute, a property or a listener.
    pub fn set(&mut self, name: &'static str, value: impl Value) {
        value.set(name, self);
    }

    /// Lets the innermost element be found in the document.
    pub fn refer(&mut self, node: &NodeRef) {
        if let Some(element) = self.element() {
            element.node_ref = node.clone();
        }
    }

    /// Adds a child.
    pub fn child(&mut self, child: impl Child) {
        self.push(child.node());
    }

    fn push(&mut self, child: Html) {
        if let Some(open) = self.open.last_mut() {
            open.children.push(child);
        }
    }

    fn element(&mut self) -> Option<&mut VTag> {
        self.open.last_mut()?.tag.as_mut()
    }

    fn attribute(&mut self, name: &'static str, value: AttrValue) {
        let Some(element) = self.element() else { return };
        if name == "value" && matches!(element.tag(), "input" | "textarea") {
            element.set_value(Some(value));
        } else {
            element.add_attribute(name, value);
        }
    }
}

/// What can stand behind an attribute's name.
pub trait Value {
    /// Sets it.
    fn set(self, name: &'static str, markup: &mut Markup);
}

impl Value for AttrValue {
    fn set(self, name: &'static str, markup: &mut Markup) {
        markup.attribute(name, self);
    }
}

impl Value for &'static str {
    fn set(self, name: &'static str, markup: &mut Markup) {
        markup.attribute(name, AttrValue::Static(self));
    }
}

impl Value for String {
    fn set(self, name: &'static str, markup: &mut Markup) {
        markup.attribute(name, self.into());
    }
}

impl Value for bool {
    fn set(self, name: &'static str, markup: &mut Markup) {
        if name == "checked" {
            markup.element().into_iter().for_each(|element| element.set_checked(self));
        } else if self {
            markup.attribute(name, AttrValue::Static(name));
        }
    }
}

impl<V: Value> Value for Option<V> {
    fn set(self, name: &'static str, markup: &mut Markup) {
        if let Some(value) = self {
            value.set(name, markup);
        }
    }
}

impl Value for Callback<web_sys::Event> {
    fn set(self, name: &'static str, markup: &mut Markup) {
        if let (Some(element), Some(event)) = (markup.element(), name.strip_prefix("on")) {
            element.add_listener(std::rc::Rc::new(On { event, callback: self }));
        }
    }
}

struct On {
    event: &'static str,
    callback: Callback<web_sys::Event>,
}

impl Listener for On {
    fn kind(&self) -> ListenerKind {
        ListenerKind::other(self.event.into())
    }

    fn handle(&self, event: web_sys::Event) {
        self.callback.emit(event);
    }

    fn passive(&self) -> bool {
        false
    }
}

/// What can stand between tags.
pub trait Child {
    /// Its node.
    fn node(self) -> Html;
}

impl Child for Html {
    fn node(self) -> Html {
        self
    }
}

impl Child for AttrValue {
    fn node(self) -> Html {
        VText::new(self).into()
    }
}

impl Child for &'static str {
    fn node(self) -> Html {
        AttrValue::Static(self).node()
    }
}

impl Child for String {
    fn node(self) -> Html {
        AttrValue::from(self).node()
    }
}

impl Child for &String {
    fn node(self) -> Html {
        AttrValue::from(self.clone()).node()
    }
}

/// Markup in the words of HTML; see the head of this file.
macro_rules! html {
    // Children.
    (@in $b:ident) => {};
    (@in $b:ident < / > $($rest:tt)*) => { $b.close(); html!(@in $b $($rest)*); };
    (@in $b:ident < / $tag:ident > $($rest:tt)*) => { $b.close(); html!(@in $b $($rest)*); };
    (@in $b:ident < > $($rest:tt)*) => { $b.group(); html!(@in $b $($rest)*); };
    (@in $b:ident < $tag:ident $($rest:tt)*) => { $b.open(stringify!($tag)); html!(@with $b $($rest)*); };
    (@in $b:ident { for $($each:tt)* } $($rest:tt)*) => {
        $b.group();
        for each in $($each)* { $b.child(each); }
        $b.close();
        html!(@in $b $($rest)*);
    };
    (@in $b:ident { $child:expr } $($rest:tt)*) => { $b.child($child); html!(@in $b $($rest)*); };
    (@in $b:ident if $($rest:tt)*) => { $b.group(); html!(@if $b [] $($rest)*); };
    // A condition up to its braces.
    (@if $b:ident [$($condition:tt)*] { $($yes:tt)* } else { $($no:tt)* } $($rest:tt)*) => {
        if $($condition)* { html!(@in $b $($yes)*); } else { html!(@in $b $($no)*); }
        $b.close();
        html!(@in $b $($rest)*);
    };
    (@if $b:ident [$($condition:tt)*] { $($yes:tt)* } else if $($rest:tt)*) => {
        compile_error!("stand the second condition inside the braces of `else`")
    };
    (@if $b:ident [$($condition:tt)*] { $($yes:tt)* } $($rest:tt)*) => {
        if $($condition)* { html!(@in $b $($yes)*); }
        $b.close();
        html!(@in $b $($rest)*);
    };
    (@if $b:ident [$($condition:tt)*] $next:tt $($rest:tt)*) => { html!(@if $b [$($condition)* $next] $($rest)*); };
    // Attributes.
    (@with $b:ident / > $($rest:tt)*) => { $b.close(); html!(@in $b $($rest)*); };
    (@with $b:ident > $($rest:tt)*) => { html!(@in $b $($rest)*); };
    (@with $b:ident { $name:ident } $($rest:tt)*) => { $b.set(stringify!($name), $name); html!(@with $b $($rest)*); };
    (@with $b:ident $x:ident = { $value:expr } $($rest:tt)*) => {
        $b.set(stringify!($x), $value); html!(@with $b $($rest)*);
    };
    (@with $b:ident $x:ident = $value:literal $($rest:tt)*) => {
        $b.set(stringify!($x), $value); html!(@with $b $($rest)*);
    };
    (@with $b:ident $x:ident - $y:ident = { $value:expr } $($rest:tt)*) => {
        $b.set(concat!(stringify!($x), "-", stringify!($y)), $value); html!(@with $b $($rest)*);
    };
    (@with $b:ident $x:ident - $y:ident = $value:literal $($rest:tt)*) => {
        $b.set(concat!(stringify!($x), "-", stringify!($y)), $value); html!(@with $b $($rest)*);
    };
    (@with $b:ident $x:ident - $y:ident - $z:ident = { $value:expr } $($rest:tt)*) => {
        $b.set(concat!(stringify!($x), "-", stringify!($y), "-", stringify!($z)), $value); html!(@with $b $($rest)*);
    };
    // All of it.
    ($($markup:tt)*) => {{
        #[allow(unused_mut, reason = "an empty one is not changed")]
        let mut markup = $crate::markup::Markup::new();
        html!(@in markup $($markup)*);
        markup.finish()
    }};
}

pub(crate) use html;
